import { Refused } from './refused.js';

/** Operations of one client in a span of so many milliseconds. */
export interface RateLimit {
  readonly operations: number;
  readonly span: number;
}

/** Counts one more of a client in a window, which is over at `until`. Resolves with how many there are then. */
export type CountOne = (window: string, client: string, until: number) => Promise<number>;

/** A fixed window a client, counted where all instances count. */
export class RateLimiter {
  /** What this process counted by itself while the others could not be asked. */
  #alone = { window: '', counts: new Map<string, number>() };

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly limit: RateLimit,
    private readonly count: CountOne,
    private readonly now: () => number,
  ) {}

  /**
   * Counts an operation of a client. Resolves with the headers that tell where it stands (draft-ietf-httpapi-ratelimit-headers).
   *
   * @throws Refused 429 where the window is full
   */
  async take(client: string): Promise<Readonly<Record<string, string>>> {
    const { operations, span } = this.limit;
    const number = Math.floor(this.now() / span);
    const until = (number + 1) * span;
    const window = `rate ${span} ${number}`;
    const used = await this.count(window, client, until).catch(() => this.#countAlone(window, client));
    const left = Math.max(0, operations - used);
    const seconds = Math.max(1, Math.ceil((until - this.now()) / 1000));
    const headers = {
      'ratelimit-policy': `"client";q=${operations};w=${Math.ceil(span / 1000)}`,
      ratelimit: `"client";r=${left};t=${seconds}`,
    };
    if (used > operations) {
      throw new Refused(
        429,
        'RATE_LIMITED',
        `${client} may send ${operations} operations in ${span / 1000} s; ask again in ${seconds} s.`,
        { headers, retryAfter: seconds },
      );
    }
    return headers;
  }

  #countAlone(window: string, client: string): number {
    if (this.#alone.window !== window) this.#alone = { window, counts: new Map() };
    const used = (this.#alone.counts.get(client) ?? 0) + 1;
    this.#alone.counts.set(client, used);
    return used;
  }
}
