import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { Caller } from '../caller.js';
import { mayRead } from '../scopes.js';

/** What reading a selection needs of the request's context. */
export interface SelectionContext {
  /** Fields that the caller may not read count as not selected. */
  readonly caller: Caller;
  /** Selections that were read already. All items of a list have the same field nodes. */
  readonly selections: WeakMap<readonly FieldNode[], Selection>;
}

type SelectionInfo = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'> &
  Pick<SelectionContext, 'caller'>;

/** What calling a resolver and making its object takes, in leaf values. */
const OBJECT_WORK = 8;

/** One selected field, under one name of the response. */
export interface SelectedField {
  readonly name: string;
  /** Its name in the response. */
  readonly responseName: string;
  /** What is selected on it for one of its possible types. */
  on(typeName: string): Selection;
  readonly args: Readonly<Record<string, unknown>>;
  /** What is selected on it; null on a leaf. */
  readonly selection: Selection | null;
}

/**
 * The fields selected under a field, by GraphQL's own collection: fragments, aliases, `@skip` and `@include` count as
 * they do in execution.
 */
export class Selection {
  readonly #fields = new Map<string, FieldNode[]>();
  #selected: readonly SelectedField[] | undefined;
  #work: number | undefined;
  readonly #collected: readonly (readonly FieldNode[])[];
  /** How many fields the response has for it, `__typename` and fields that the caller may not read included. */
  readonly size: number;

  constructor(
    private readonly info: SelectionInfo,
    private readonly type: GraphQLObjectType,
    nodes: readonly FieldNode[],
  ) {
    const { schema, fragments, variableValues, caller } = info;
    const fields = type.getFields();
    const collected = [...collectSubfields(schema, fragments, variableValues, type, nodes).values()];
    this.size = collected.length;
    this.#collected = collected.filter(([node]) => mayRead(caller, fields[node?.name.value ?? '']));
    for (const node of this.#collected.flat()) {
      const name = node.name.value;
      if (name === '__typename') continue;
      const known = this.#fields.get(name);
      if (known) known.push(node);
      else this.#fields.set(name, [node]);
    }
  }

  /** What is selected on the field being resolved; its type must be an object or a list of objects. */
  static of(info: GraphQLResolveInfo, { caller, selections }: SelectionContext): Selection {
    const { schema, fragments, variableValues, fieldNodes } = info;
    const known = selections.get(fieldNodes);
    if (known) return known;
    const type = getNamedType(info.returnType);
    if (!isObjectType(type)) throw new TypeError(`${info.fieldName} has no fields to select`);
    const selection = new Selection({ schema, fragments, variableValues, caller }, type, fieldNodes);
    selections.set(fieldNodes, selection);
    return selection;
  }

  /** What is selected on the `_entities` field being resolved, for one type. */
  static ofEntities(
    info: GraphQLResolveInfo,
    typeName: string,
    { caller }: Pick<SelectionContext, 'caller'>,
  ): Selection {
    return new Selection({ ...info, caller }, objectType(info.schema, typeName), info.fieldNodes);
  }

  /** What a query selects at its root. @param variableValues after coercion */
  static ofQuery(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    variableValues: Record<string, unknown>,
    caller: Caller,
  ): Selection {
    const type = schema.getQueryType();
    if (!type) throw new TypeError('the schema has no queries');
    const root: FieldNode = {
      kind: Kind.FIELD,
      name: { kind: Kind.NAME, value: 'query' },
      selectionSet: operation.selectionSet,
    };
    return new Selection({ schema, fragments, variableValues, caller }, type, [root]);
  }

  /** What completing one object takes, in leaf values. A list under it counts as one object. */
  get work(): number {
    if (this.#work !== undefined) return this.#work;
    let work = this.size;
    for (const { selection } of this.fields) if (selection) work += OBJECT_WORK + selection.work;
    this.#work = work;
    return work;
  }

  /** Names of the fields, without `__typename`. */
  get names(): ReadonlySet<string> {
    return new Set(this.#fields.keys());
  }

  has(...names: readonly string[]): boolean {
    return names.some((name) => this.#fields.has(name));
  }

  /** The fields with their arguments, one for each response name, except those whose arguments will be refused. */
  get fields(): readonly SelectedField[] {
    this.#selected ??= [...this.#read()];
    return this.#selected;
  }

  *#read(): Iterable<SelectedField> {
    for (const nodes of this.#collected) {
      const [node] = nodes;
      const field = node && this.type.getFields()[node.name.value];
      if (node === undefined || field === undefined) continue;
      const type = getNamedType(field.type);
      let args: Record<string, unknown>;
      try {
        args = getArgumentValues(field, node, this.info.variableValues);
      } catch {
        // Execution will report it, and call nothing.
        continue;
      }
      yield {
        name: field.name,
        responseName: node.alias?.value ?? field.name,
        args,
        on: (typeName) => new Selection(this.info, objectType(this.info.schema, typeName), nodes),
        selection: isObjectType(type) ? new Selection(this.info, type, nodes) : null,
      };
    }
  }

  /** What is selected on one of the fields. */
  under(name: string): Selection {
    const field = this.type.getFields()[name];
    const type = field && getNamedType(field.type);
    if (!isObjectType(type)) throw new TypeError(`${this.type.name}.${name} has no fields to select`);
    return new Selection(this.info, type, this.#fields.get(name) ?? []);
  }
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new TypeError(`${name} is no object type of the schema`);
  return type;
}
