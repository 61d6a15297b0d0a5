/** What an error tells a client in addition to its message. */
export interface ErrorDetails {
  /** Whether the same operation may sensibly be sent again. Default: false. */
  readonly retryable?: boolean;
  /** When, in seconds. */
  readonly retryAfter?: number | undefined;
  /** Facts for `extensions`, by name. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * The base of every error that a client may see. Its message is safe to show: it holds no key, no token, no address and
 * no value that a caller sent. Whatever is not a `GatewayError` is answered with a fixed message and a log reference.
 */
export class GatewayError extends Error {
  override readonly name: string;
  readonly retryable: boolean;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  readonly #facts: Readonly<Record<string, unknown>>;

  /** @param code the value of `extensions.code` (docs/errors.md lists all of them) */
  constructor(
    readonly code: string,
    message: string,
    { retryable = false, retryAfter, facts = {} }: ErrorDetails = {},
  ) {
    super(message);
    this.name = new.target.name;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.#facts = facts;
  }

  /** The `extensions` of this error in a response. */
  get extensions(): Record<string, unknown> {
    const { code, retryable, retryAfter } = this;
    return { code, ...this.#facts, retryable, ...(retryAfter === undefined ? {} : { retryAfter }) };
  }
}
