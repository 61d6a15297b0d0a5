import { GatewayError } from '../errors.js';

/** Codes of what the graph refuses by itself, at no cost. */
export type QueryErrorCode =
  | 'BAD_USER_INPUT'
  | 'UPSTREAM_LIMIT_EXCEEDED'
  | 'COST_LIMIT_EXCEEDED'
  | 'DRY_RUN'
  | 'FORBIDDEN';

/** An operation or an argument that is refused before anything is called. */
export class QueryError extends GatewayError {
  constructor(message: string, code: QueryErrorCode = 'BAD_USER_INPUT') {
    super(code, message);
  }
}

/** A value from QCC that cannot be read. In place of a field's value, it nulls that field alone. */
export class UnreadableValue extends GatewayError {
  /** @param raw the text as QCC sent it */
  constructor(field: string, raw: string) {
    const message = `QCC sent a value for ${field} that cannot be read; extensions.raw holds it unchanged`;
    super('UPSTREAM_DATA_INVALID', message, { facts: { raw } });
  }
}
