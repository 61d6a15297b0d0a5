import { parseExactly } from './exact-json.js';
import { isFields, readText, withoutLoneSurrogates } from './values.js';

/** What every QCC answer is wrapped in. Nothing in it is trusted to be there but `Status`. */
export interface Envelope {
  readonly status: string;
  readonly message: string | null;
  readonly orderNumber: string | null;
  readonly paging: unknown;
  readonly result: unknown;
}

/** Reads the body of an HTTP 200. Undefined where it is not JSON, or no object with a `Status`. */
export function readEnvelope(body: string): Envelope | undefined {
  const fields = parseJson(body);
  if (!isFields(fields)) return undefined;
  const { Status, Message, OrderNumber, Paging, Result } = fields;
  const status = readLabel(Status);
  if (status === null) return undefined;
  return {
    status,
    message: readLabel(Message),
    orderNumber: readLabel(OrderNumber),
    paging: Paging,
    result: Result,
  };
}

/** A text about an answer; null where there is none. */
function readLabel(value: unknown): string | null {
  const text = readText(typeof value === 'string' ? withoutLoneSurrogates(value) : value);
  return typeof text === 'string' ? text : null;
}

function parseJson(body: string): unknown {
  try {
    return parseExactly(body);
  } catch {
    return undefined;
  }
}
