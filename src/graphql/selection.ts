import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';

/**
 * The fields selected under a field, by GraphQL's own collection: fragments, aliases, `@skip` and `@include` count as
 * they do in execution.
 */
export class Selection {
  readonly #fields = new Map<string, FieldNode[]>();

  constructor(
    private readonly info: Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>,
    private readonly type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ) {
    const { schema, fragments, variableValues } = info;
    for (const collected of collectSubfields(schema, fragments, variableValues, type, nodes).values()) {
      for (const node of collected) {
        const name = node.name.value;
        if (name !== '__typename') this.#fields.set(name, [...(this.#fields.get(name) ?? []), node]);
      }
    }
  }

  /** What the field being resolved is asked for; its type must be an object, or a list of one. */
  static of(info: GraphQLResolveInfo): Selection {
    const type = getNamedType(info.returnType);
    if (!isObjectType(type)) throw new TypeError(`${info.fieldName} has no fields to select`);
    return new Selection(info, type, info.fieldNodes);
  }

  /** Names of the fields, without `__typename`. */
  get names(): ReadonlySet<string> {
    return new Set(this.#fields.keys());
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.#fields.has(name));
  }

  /** What is selected under one of the fields. */
  under(name: string): Selection {
    const field = this.type.getFields()[name];
    const type = field && getNamedType(field.type);
    if (!isObjectType(type)) throw new TypeError(`${this.type.name}.${name} has no fields to select`);
    return new Selection(this.info, type, this.#fields.get(name) ?? []);
  }
}
