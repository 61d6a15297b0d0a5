import { getHeapStatistics } from 'node:v8';
import { RequestError } from './request-error.js';

/** Requests in flight at once. */
const MAX_REQUESTS = 20_000;
/** Bytes of the bodies of all requests in flight. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;
/** Share of the heap limit above which no request is admitted. */
const MAX_HEAP_SHARE = 0.85;
/** Milliseconds between two checks of the heap. */
const HEAP_CHECK_INTERVAL = 250;
/** Seconds. */
const RETRY_AFTER = 1;

/** Admission control: under overload it refuses new requests, so that the process can finish those it has admitted. */
export class Admission {
  #requests = 0;
  #bodyBytes = 0;
  #heapIsFull = false;
  readonly #heapCheck = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    this.#heapIsFull = used > MAX_HEAP_SHARE * limit;
  }, HEAP_CHECK_INTERVAL).unref();

  /** Requests in flight. */
  get requests(): number {
    return this.#requests;
  }

  /**
   * Admits a request. The caller must call the returned function once, when the request is over.
   *
   * @param bodyBytes size of the body
   * @throws RequestError 503 `OVERLOADED`
   */
  admit(bodyBytes: number): () => void {
    if (this.#heapIsFull || this.#requests >= MAX_REQUESTS || this.#bodyBytes + bodyBytes > MAX_BODY_BYTES) {
      const message = `This instance is overloaded; retry in ${RETRY_AFTER} s.`;
      throw new RequestError(503, 'OVERLOADED', message, { retryAfter: RETRY_AFTER });
    }
    this.#requests += 1;
    this.#bodyBytes += bodyBytes;
    return () => {
      this.#requests -= 1;
      this.#bodyBytes -= bodyBytes;
    };
  }

  close(): void {
    clearInterval(this.#heapCheck);
  }
}
