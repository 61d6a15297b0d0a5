import { GatewayError } from '../errors.js';

export interface RequestErrorDetails {
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds after which the client may retry; undefined: the error is not retryable. */
  readonly retryAfter?: number;
}

/** Refuses a request before its GraphQL is read. */
export class RequestError extends GatewayError {
  /** Headers of the response, `retry-after` included. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param status the HTTP status */
  constructor(
    readonly status: number,
    code: string,
    message: string,
    { headers, retryAfter }: RequestErrorDetails = {},
  ) {
    super(code, message, { retryable: retryAfter !== undefined, retryAfter });
    this.headers = {
      ...headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    };
  }
}
