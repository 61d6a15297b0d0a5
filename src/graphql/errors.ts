import { type ErrorDetails, GatewayError } from '../errors.js';

/** What the gateway refuses without an upstream call. */
type QueryErrorCode =
  | 'BAD_USER_INPUT'
  | 'UPSTREAM_LIMIT_EXCEEDED'
  | 'COST_LIMIT_EXCEEDED'
  | 'DRY_RUN'
  | 'FORBIDDEN';

/** An operation, a field or an argument is refused before anything is bought for it. */
export class QueryError extends GatewayError {
  /** @param facts for `extensions`, by name */
  constructor(message: string, code: QueryErrorCode = 'BAD_USER_INPUT', facts: ErrorDetails['facts'] = {}) {
    super(code, message, { facts });
  }
}

/** QCC sent a value that cannot be read. Returned as a field's value, it nulls that field only and is listed in `errors`. */
export class UnreadableValue extends GatewayError {
  /** @param raw the text as QCC sent it; clients find it in `extensions.raw` */
  constructor(field: string, raw: string) {
    const message = `QCC sent a value for ${field} that cannot be read. extensions.raw holds it unchanged.`;
    super('UPSTREAM_DATA_INVALID', message, { facts: { raw } });
  }
}

/** A row from QCC that is no case. The other rows of its page are served. */
export class InvalidRowError extends GatewayError {
  /**
   * @param row its number in the list, counted from 1
   * @param raw the row as QCC sent it
   */
  constructor(row: number, raw: string) {
    const message = `Row ${row} of the list has no Id that can be read. extensions.raw holds it unchanged.`;
    super('UPSTREAM_DATA_INVALID', message, { facts: { row, raw } });
  }
}

/** QCC's total of a list is no number of rows, or is past what `totalCount` can show. The rows of the list are served. */
export class InvalidTotalError extends GatewayError {
  /** @param raw the total as QCC sent it */
  constructor(raw: string) {
    const message =
      'QCC sent a total of the list that totalCount cannot show. extensions.raw holds it unchanged; totalCount is the nearest number that is certain.';
    super('UPSTREAM_DATA_INVALID', message, { facts: { raw } });
  }
}

/** What was thrown, as an error. Returned as the item of a list, it nulls that item only. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
