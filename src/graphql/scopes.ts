import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import type { Caller, Scope } from './caller.js';
import { QueryError } from './errors.js';

/** The fields that need a scope, by `Type.field`. All other fields are open to every caller. */
const FIELD_SCOPES: Readonly<Record<string, Scope>> = {
  'EndCaseDetail.certificateNo': 'endcases:pii',
  'Query.usage': 'usage:read',
  // Open while introspection is on: introspection shows the same.
  'Query._service': 'federation:sdl',
};

/** What the resolvers of a guarded field find in their context. */
interface HasCaller {
  readonly caller: Caller;
}

/** The scopes that the fields of built schemas enforce. */
const enforced = new WeakMap<GraphQLField<unknown, HasCaller>, Scope>();

/** Adds the directive `@requiresScopes` to the fields that need a scope, as far as the schema has them. */
export function markScopes(schema: GraphQLSchema): void {
  for (const [coordinate, scope] of Object.entries(FIELD_SCOPES)) {
    const field = fieldAt(schema, coordinate);
    if (field) field.extensions = { directives: { requiresScopes: { scopes: [[scope]] } } };
  }
}

/**
 * Guards the fields that need a scope. The gateway enforces scopes itself, whatever a router in front of it has checked:
 * for a caller without the scope the field is null, with a `FORBIDDEN` error.
 *
 * @param introspection whether introspection is on; if so, `Query._service` needs no scope
 * @throws TypeError if the table names a field that the schema does not have: it would stay unguarded
 */
export function enforceScopes(schema: GraphQLSchema, introspection: boolean): void {
  for (const [coordinate, scope] of Object.entries(FIELD_SCOPES)) {
    if (introspection && scope === 'federation:sdl') continue;
    const field = fieldAt(schema, coordinate);
    if (field === undefined) throw new TypeError(`${coordinate} is not a field of the schema`);
    enforced.set(field, scope);
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context, info) => {
      if (context.caller.scopes.has(scope)) return resolve(source, args, context, info);
      throw new QueryError(`${coordinate} needs the scope ${scope}.`, 'FORBIDDEN');
    };
  }
}

function fieldAt(schema: GraphQLSchema, coordinate: string): GraphQLField<unknown, HasCaller> | undefined {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  return isObjectType(type) ? type.getFields()[fieldName] : undefined;
}

/** Whether a caller may read a field. A field that is refused counts as not selected: nothing is bought for it. */
export function mayRead({ scopes }: Caller, field: GraphQLField<unknown, HasCaller> | undefined): boolean {
  const scope = field && enforced.get(field);
  return scope === undefined || scopes.has(scope);
}
