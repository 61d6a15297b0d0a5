import { RequestError } from '../request-error.js';

/** Operations of one client in a span of so many milliseconds. */
export interface RateLimit {
  readonly operations: number;
  readonly span: number;
}

/** Counts so many more of a client in a window, which is over at `until`. Resolves with how many there are then. */
export type CountMore = (window: string, client: string, more: number, until: number) => Promise<number>;

/** A process takes so much of what is left at once, and so many operations at most: what it does not use is lost to others. */
const SHARE = 1 / 64;
const MAX_SHARE = 64;

/** What this process has of a client's window. */
interface Share {
  readonly window: string;
  /** When the window is over, in milliseconds since 1970. */
  readonly until: number;
  /** Operations that it may still let through. */
  left: number;
  /** Operations that were counted, of all instances, when it last asked. */
  counted: number;
  /** What it counted by itself while the others could not be asked. */
  alone: number;
  waiting: number;
  taking: Promise<void> | undefined;
}

/**
 * A fixed window a client, counted where all instances count. Together they let through no more than the limit. Of
 * several, each may keep up to a 64th of what was left when it took it.
 */
export class RateLimiter {
  #shares = new Map<string, Share>();
  #until = 0;

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly limit: RateLimit,
    private readonly count: CountMore,
    private readonly now: () => number,
  ) {}

  /**
   * Counts an operation of a client. Resolves with the headers that tell where it stands (draft-ietf-httpapi-ratelimit-headers).
   *
   * @throws RequestError 429 where the window is full
   */
  async take(client: string): Promise<Readonly<Record<string, string>>> {
    const { operations, span } = this.limit;
    const share = this.#shareOf(client);
    const granted = takeOne(share) || (await this.#takeLater(share, client));
    const left = Math.max(0, operations - share.counted) + share.left;
    const seconds = Math.max(1, Math.ceil((share.until - this.now()) / 1000));
    const headers = {
      'ratelimit-policy': `"client";q=${operations};w=${Math.ceil(span / 1000)}`,
      ratelimit: `"client";r=${left};t=${seconds}`,
    };
    if (granted) return headers;
    throw new RequestError(
      429,
      'RATE_LIMITED',
      `${client} may send ${operations} operations in ${span / 1000} s; ask again in ${seconds} s.`,
      { headers, retryAfter: seconds },
    );
  }

  /** Waits until more has been counted, by whoever comes first for all who wait. */
  async #takeLater(share: Share, client: string): Promise<boolean> {
    share.waiting += 1;
    try {
      while (share.counted < this.limit.operations) {
        share.taking ??= this.#takeMore(share, client).finally(() => {
          share.taking = undefined;
        });
        await share.taking;
        if (takeOne(share)) return true;
      }
      return false;
    } finally {
      share.waiting -= 1;
    }
  }

  async #takeMore(share: Share, client: string): Promise<void> {
    const { operations } = this.limit;
    // What those before have left is only known once it has been asked for.
    const spare = share.counted === 0 ? 0 : Math.floor(SHARE * (operations - share.counted));
    const more = Math.max(share.waiting, Math.min(spare, MAX_SHARE));
    share.counted = await this.count(share.window, client, more, share.until).catch(() => {
      share.alone += more;
      return share.alone;
    });
    share.left += Math.max(0, more - Math.max(0, share.counted - operations));
  }

  #shareOf(client: string): Share {
    const { span } = this.limit;
    const number = Math.floor(this.now() / span);
    const until = (number + 1) * span;
    if (until !== this.#until) {
      this.#until = until;
      this.#shares = new Map();
    }
    const known = this.#shares.get(client);
    if (known) return known;
    const window = `rate ${span} ${number}`;
    const share = { window, until, left: 0, counted: 0, alone: 0, waiting: 0, taking: undefined };
    this.#shares.set(client, share);
    return share;
  }
}

function takeOne(share: Share): boolean {
  if (share.left === 0) return false;
  share.left -= 1;
  return true;
}
