/** Codes for what this room refuses by itself, at no cost. */
export type QueryErrorCode =
  | 'BAD_USER_INPUT'
  | 'UPSTREAM_LIMIT_EXCEEDED'
  | 'COST_LIMIT_EXCEEDED'
  | 'DRY_RUN'
  | 'FORBIDDEN';

/** An argument that cannot be answered, refused before anything is called. */
export class QueryError extends Error {
  override readonly name = 'QueryError';

  constructor(
    message: string,
    readonly code: QueryErrorCode = 'BAD_USER_INPUT',
  ) {
    super(message);
  }
}

/** A value that QCC gave and that cannot be read. Standing in a field's place, it nulls that field alone. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
  readonly code = 'UPSTREAM_DATA_INVALID';

  /** @param raw the text as it came */
  constructor(
    field: string,
    readonly raw: string,
  ) {
    super(`QCC gave a value for ${field} that cannot be read; extensions.raw holds it as it came`);
  }
}
