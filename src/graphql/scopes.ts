import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLSchema,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { z } from 'zod';
import type { Caller, Scope } from './caller.js';
import type { Context } from './context.js';
import { QueryError } from './errors.js';

/** Any of the lists, each as a whole: what `@requiresScopes` takes. */
type Requirement = readonly (readonly string[])[];

const requirementShape = z.array(z.array(z.string()));
/** What was required of the fields that `requireScopes` was given. */
const requirements = new WeakMap<GraphQLField<unknown, Context>, Requirement>();

/**
 * Lets the fields that are declared with `@requiresScopes` refuse whoever lacks them, whatever a router has checked. The
 * field is then null, beside an error `FORBIDDEN`.
 */
export function protect(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const required = declaredOn(field);
      if (required) requireScopes(field, required);
    }
  }
}

/** Makes one field refuse whoever lacks the scopes. */
export function requireScopes(field: GraphQLField<unknown, Context>, required: Requirement): void {
  requirements.set(field, required);
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    if (allows(required, context.caller)) return resolve(source, args, context, info);
    const wanted = required.map((all) => all.join(' and ')).join(', or ');
    throw new QueryError(`${info.parentType.name}.${info.fieldName} needs the scope ${wanted}.`, 'FORBIDDEN');
  };
}

/** Whether a caller may have a field: one that is refused counts as not selected. */
export function mayRead(caller: Caller, field: GraphQLField<unknown, Context> | undefined): boolean {
  const required = field && requirements.get(field);
  return required === undefined || allows(required, caller);
}

function declaredOn(field: GraphQLField<unknown, Context>): Requirement | undefined {
  const directive = field.astNode?.directives?.find(({ name }) => name.value === 'requiresScopes');
  const [argument] = directive?.arguments ?? [];
  return argument && requirementShape.parse(valueFromASTUntyped(argument.value));
}

function allows(required: Requirement, { scopes }: Caller): boolean {
  return required.some((all) => all.every((scope) => scopes.has(scope as Scope)));
}
