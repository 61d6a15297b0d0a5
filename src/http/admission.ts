import { getHeapStatistics } from 'node:v8';
import { RequestError } from './request-error.js';

/** Requests that are read, waited for or answered at once. */
const MAX_REQUESTS = 20_000;
/** Bytes of bodies that are read or held at once. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Share of the heap that may be full. */
const MAX_HEAP_SHARE = 0.85;
/** Milliseconds between two looks at the heap. */
const LOOK_EVERY = 250;
/** When to ask again, in seconds. */
const RETRY_AFTER = 1;

/** Turns requests away while there are more than this process can hold. Those that it has taken are answered. */
export class Admission {
  #requests = 0;
  #bytes = 0;
  #full = false;
  readonly #looker = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    this.#full = used > MAX_HEAP_SHARE * limit;
  }, LOOK_EVERY).unref();

  get requests(): number {
    return this.#requests;
  }

  /** Takes a request with a body of so many bytes. Resolves with what is to be called when it is over. @throws RequestError 503 */
  enter(bytes: number): () => void {
    if (this.#full || this.#requests >= MAX_REQUESTS || this.#bytes + bytes > MAX_BYTES) {
      throw overloaded('This instance has more requests than it can hold; ask again.', RETRY_AFTER);
    }
    this.#requests += 1;
    this.#bytes += bytes;
    return () => {
      this.#requests -= 1;
      this.#bytes -= bytes;
    };
  }

  close(): void {
    clearInterval(this.#looker);
  }
}

/** @param retryAfter seconds */
export function overloaded(message: string, retryAfter: number): RequestError {
  return new RequestError(503, 'OVERLOADED', message, { retryAfter });
}
