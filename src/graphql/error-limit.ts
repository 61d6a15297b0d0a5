import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { GatewayError } from '../errors.js';
import { toError } from './errors.js';
import type { YieldToEventLoop } from './yield-to-event-loop.js';

/** Errors that one response lists, beside the last one, which says how many more there are. */
const MAX_ERRORS = 1000;
/** What listing an error takes, in cases: graphql-js looks up its place in the document. */
const ERROR_WORK = 5;

/**
 * Limits the errors of one operation: aliases and lists can repeat one mistake tens of thousands of times. Beyond the
 * limit, a field that fails is null without an error of its own, and the last error says how many such fields there are.
 */
export class ErrorLimit {
  #listed = 0;
  #omitted = 0;
  #firstOmitted: Error | undefined;

  /** Counts an error. Returns it, or null if the response lists too many already. */
  admit(error: Error): Error | null {
    if (this.#listed < MAX_ERRORS) {
      this.#listed += 1;
      return error;
    }
    this.#omitted += 1;
    this.#firstOmitted ??= error;
    return null;
  }

  /** The last error of a response that does not list all of them. Undefined if it does. */
  get summary(): GatewayError | undefined {
    const first = this.#firstOmitted;
    if (first === undefined) return undefined;
    const message = `${this.#omitted} more fields failed and are null. The response lists only the first ${MAX_ERRORS} errors.`;
    const { code, retryable, retryAfter } =
      first instanceof GatewayError
        ? first
        : { code: 'INTERNAL_SERVER_ERROR', retryable: false, retryAfter: undefined };
    return new GatewayError(code, message, { retryable, retryAfter, facts: { omitted: this.#omitted } });
  }
}

/** What fields that fail find in their context. */
interface HasErrorLimit {
  readonly errorLimit: ErrorLimit;
  readonly yieldToEventLoop: YieldToEventLoop;
}

/** Makes nullable fields count their errors, a few in each turn of the event loop. */
export function limitErrors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isNonNullType(field.type)) limitErrorsOf(field);
    }
  }
}

function limitErrorsOf(field: GraphQLField<unknown, HasErrorLimit>): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info) => {
    try {
      const value: unknown = resolve(source, args, context, info);
      if (value instanceof Promise) return value.catch((error) => admitError(error, context));
      return value instanceof Error ? admitError(value, context) : value;
    } catch (error) {
      return admitError(error, context);
    }
  };
}

/** An error as the value of a field or an item, after a turn of the event loop. Null if the response already lists too many. */
export function admitError(thrown: unknown, { errorLimit, yieldToEventLoop }: HasErrorLimit): unknown {
  const error = errorLimit.admit(toError(thrown));
  const pause = error && yieldToEventLoop(ERROR_WORK);
  return pause ? pause.then(() => error) : error;
}
