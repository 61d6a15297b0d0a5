import { GatewayError } from '../errors.js';

export interface RequestErrorDetails {
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds after which the client may retry; undefined: the error is not retryable. */
  readonly retryAfter?: number;
  /** Why, for the log, in a few words. Default: the message. */
  readonly reason?: string;
  /** The client, for the log; undefined: it is not known. */
  readonly client?: string;
}

/** Refuses a request before its GraphQL is read. */
export class RequestError extends GatewayError {
  /** Headers of the response, `retry-after` included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly client: string | undefined;

  /** @param status the HTTP status */
  constructor(
    readonly status: number,
    code: string,
    message: string,
    { headers, retryAfter, reason = message, client }: RequestErrorDetails = {},
  ) {
    super(code, message, { retryable: retryAfter !== undefined, retryAfter });
    this.headers = {
      ...headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    };
    this.reason = reason;
    this.client = client;
  }
}
