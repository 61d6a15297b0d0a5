import { RequestError } from '../request-error.js';

/** The operations that one client may send in a window of time. */
export interface RateLimit {
  readonly operations: number;
  /** Length of the window, in milliseconds. */
  readonly span: number;
}

/**
 * Adds to the counter of a client in a window, which all instances share. Resolves with the new count.
 *
 * @param endsAt when the window ends, in milliseconds since 1970: the counter is not needed after that
 */
export type AddToCounter = (window: string, client: string, count: number, endsAt: number) => Promise<number>;

/** The part of the remaining operations that an instance reserves at once, and the most of them. */
const BATCH_SHARE = 1 / 64;
const MAX_BATCH = 64;

/** What this instance knows about a client in one window. */
interface ClientWindow {
  /** Operations that this instance has reserved and not used. */
  reserved: number;
  /** The shared count, when this instance last reserved, and what it has counted by itself since. */
  counted: number;
  /** Operations that wait for a reservation. */
  waiting: number;
  reserving: Promise<void> | undefined;
}

/**
 * Limits each client by a fixed window, counted over all instances. The limit is exact in one instance and is never
 * exceeded by several.
 *
 * An instance reserves operations in batches, so that few operations wait for the shared counter. What it reserves and
 * does not use is lost to the other instances: at most a 64th of what was left in the window. While the shared counter
 * fails, each instance counts on its own.
 */
export class RateLimiter {
  #clients = new Map<string, ClientWindow>();
  /** The number of the window that `#clients` are in: windows follow each other from 1970 on. */
  #index = 0;

  /** @param now milliseconds since 1970 */
  constructor(
    private readonly limit: RateLimit,
    private readonly addToCounter: AddToCounter,
    private readonly now: () => number,
  ) {}

  /**
   * Counts one operation of a client. Resolves with the headers of draft-ietf-httpapi-ratelimit-headers.
   *
   * @throws RequestError 429 `RATE_LIMITED` if the client has used up its limit
   */
  async consume(client: string): Promise<Readonly<Record<string, string>>> {
    const { operations, span } = this.limit;
    const index = Math.floor(this.now() / span);
    if (index !== this.#index) this.#clients.clear();
    this.#index = index;
    const window = this.#clients.get(client) ?? { reserved: 0, counted: 0, waiting: 0, reserving: undefined };
    this.#clients.set(client, window);
    const allowed =
      useReserved(window) || (await this.#reserveAndUse(window, () => this.#reserve(window, client, index)));
    const left = Math.max(0, operations - window.counted) + window.reserved;
    const secondsLeft = Math.max(1, Math.ceil(((index + 1) * span - this.now()) / 1000));
    const headers = {
      'ratelimit-policy': `"client";q=${operations};w=${Math.ceil(span / 1000)}`,
      ratelimit: `"client";r=${left};t=${secondsLeft}`,
    };
    if (allowed) return headers;
    const message = `The rate limit is ${operations} operations per client in ${span / 1000} s; retry in ${secondsLeft} s.`;
    throw new RequestError(429, 'RATE_LIMITED', message, {
      headers,
      retryAfter: secondsLeft,
      client,
      reason: 'rate limit exceeded',
    });
  }

  /** Waits for a reservation, which one operation makes for all that wait. Resolves with whether there was room. */
  async #reserveAndUse(window: ClientWindow, reserve: () => Promise<void>): Promise<boolean> {
    window.waiting += 1;
    try {
      while (window.counted < this.limit.operations) {
        window.reserving ??= reserve().finally(() => {
          window.reserving = undefined;
        });
        await window.reserving;
        if (useReserved(window)) return true;
      }
      return false;
    } finally {
      window.waiting -= 1;
    }
  }

  async #reserve(window: ClientWindow, client: string, index: number): Promise<void> {
    const { operations, span } = this.limit;
    // Before the first reservation the instance does not know how much of the limit is left.
    const batch = window.counted === 0 ? 0 : Math.floor(BATCH_SHARE * (operations - window.counted));
    const count = Math.max(window.waiting, Math.min(batch, MAX_BATCH));
    window.counted = await this.addToCounter(
      `rate ${span} ${index}`,
      client,
      count,
      (index + 1) * span,
    ).catch(() => window.counted + count);
    const beyondLimit = Math.max(0, window.counted - operations);
    window.reserved += Math.max(0, count - beyondLimit);
  }
}

/** Uses one reserved operation, if there is one. */
function useReserved(window: ClientWindow): boolean {
  if (window.reserved === 0) return false;
  window.reserved -= 1;
  return true;
}
