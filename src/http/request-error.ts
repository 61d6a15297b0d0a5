import { GatewayError } from '../errors.js';

/** A request that is refused before any GraphQL is read. */
export class RequestError extends GatewayError {
  readonly headers: Readonly<Record<string, string>>;

  /** @param status the HTTP status */
  constructor(
    readonly status: number,
    code: string,
    message: string,
    details: { readonly headers?: Readonly<Record<string, string>>; readonly retryAfter?: number } = {},
  ) {
    const { headers, retryAfter } = details;
    super(code, message, { retryable: retryAfter !== undefined, retryAfter });
    this.headers = {
      ...headers,
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    };
  }

  /** The response body, as GraphQL clients read it. @param rest what stands beside the error */
  bodyWith(rest: object): object {
    return { errors: [{ message: this.message, extensions: this.extensions }], ...rest };
  }
}
