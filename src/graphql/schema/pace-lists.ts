import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.js';
import { Selection } from '../cost/selection.js';
import { admitError } from '../error-limit.js';

/** What completing one leaf value takes, in cases. */
const VALUE_WORK = 1 / 16;
/** What making a list takes before its items are completed, in cases. */
const LIST_WORK = 2;
/** A list that takes more cases does not have one turn, but each of its items its own. */
const MAX_LIST_WORK = 10;

/**
 * Makes lists of objects complete over several turns of the event loop: graphql-js would complete all fields of all
 * objects in one turn. Items that are errors are counted.
 */
export function paceLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type))) pace(field);
    }
  }
}

function pace(field: GraphQLField<unknown, Context>): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info) => {
    const complete = () => {
      const value: unknown = resolve(source, args, context, info);
      return value instanceof Promise
        ? value.then((list) => spread(list, context, info))
        : spread(value, context, info);
    };
    const pause = context.yieldToEventLoop(LIST_WORK);
    return pause ? pause.then(complete) : complete();
  };
}

/** Gives a list, or the items of a long one, their turns of the event loop. */
function spread(list: unknown, context: Context, info: GraphQLResolveInfo): unknown {
  if (!Array.isArray(list)) return list;
  const work = VALUE_WORK * workOf(info, context);
  const hasErrors = list.some((item) => item instanceof Error);
  if (!hasErrors && work * list.length <= MAX_LIST_WORK) return inTurn(list, work * list.length, context);
  return list.map((item) =>
    item instanceof Error ? admitError(item, context) : inTurn(item, work, context),
  );
}

function inTurn<T>(value: T, work: number, { yieldToEventLoop }: Context): T | Promise<T> {
  const pause = yieldToEventLoop(work);
  return pause ? pause.then(() => value) : value;
}

/** What completing one item of a list takes at most, in leaf values. */
function workOf(info: GraphQLResolveInfo, context: Context): number {
  if (isObjectType(getNamedType(info.returnType))) return Selection.of(info, context).work;
  return Math.max(...['Company', 'EndCase'].map((type) => Selection.ofEntities(info, type, context).work));
}
