/** A request that is turned away before any GraphQL is read. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly headers: Readonly<Record<string, string>>;
  readonly retryable: boolean;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    details: { readonly headers?: Readonly<Record<string, string>>; readonly retryAfter?: number } = {},
  ) {
    super(message);
    this.retryAfter = details.retryAfter;
    this.retryable = details.retryAfter !== undefined;
    this.headers = {
      ...details.headers,
      ...(details.retryAfter === undefined ? {} : { 'retry-after': String(details.retryAfter) }),
    };
  }

  /** As GraphQL clients read it. @param extensions stand beside the error */
  bodyWith(extensions: object): object {
    const { message, code, retryable, retryAfter } = this;
    return {
      errors: [
        { message, extensions: { code, retryable, ...(retryAfter === undefined ? {} : { retryAfter }) } },
      ],
      ...extensions,
    };
  }
}
