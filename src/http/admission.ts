import { getHeapStatistics } from 'node:v8';
import { RequestError } from './request-error.js';

/** Requests in flight at once. */
const MAX_REQUESTS = 40_000;
/** Bytes of the bodies of all requests in flight, and the share of the heap limit that they may take. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;
const MAX_BODY_SHARE = 0.25;
/** Share of the heap limit above which no request is admitted. */
const MAX_HEAP_SHARE = 0.85;
/** Milliseconds between two checks of the heap. */
const HEAP_CHECK_INTERVAL = 250;
/** Seconds. */
const RETRY_AFTER = 1;

/** What requests in flight hold. */
interface Held {
  readonly requests: number;
  readonly bodyBytes: number;
}

/** A request that was admitted. */
export interface AdmittedRequest {
  /** Counts it in the share of another client. Call it before the body is read. @throws RequestError 503 `OVERLOADED` */
  assignTo(client: string): void;
  /** Counts bytes of its body that have arrived. @throws RequestError 503 `OVERLOADED`; then they are not counted */
  receive(bytes: number): void;
  /** Frees what it holds. */
  end(): void;
}

/**
 * Admission control: under overload it refuses new requests, so that the process can finish those it has admitted. A client
 * may hold only as much as it leaves free for all others, so that it cannot shut them out.
 */
export class Admission {
  readonly #limits: Held;
  #held: Held = { requests: 0, bodyBytes: 0 };
  readonly #heldByClient = new Map<string, Held>();
  #heapIsFull = false;
  readonly #heapCheck = setInterval(() => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    this.#heapIsFull = used > MAX_HEAP_SHARE * limit;
  }, HEAP_CHECK_INTERVAL).unref();

  /** @param heapLimit bytes */
  constructor(heapLimit = getHeapStatistics().heap_size_limit) {
    this.#limits = {
      requests: MAX_REQUESTS,
      bodyBytes: Math.min(MAX_BODY_BYTES, MAX_BODY_SHARE * heapLimit),
    };
  }

  /** Requests in flight. */
  get requests(): number {
    return this.#held.requests;
  }

  /**
   * Admits a request. Call `end` once, when it is over.
   *
   * @param client identifies whose share the request counts in
   * @throws RequestError 503 `OVERLOADED`
   */
  admit(client: string): AdmittedRequest {
    if (this.#heapIsFull) throw overloaded();
    this.#take(client, { requests: 1, bodyBytes: 0 });
    let owner = client;
    let received = 0;
    return {
      assignTo: (other) => {
        if (other === owner) return;
        this.#take(other, { requests: 1, bodyBytes: 0 });
        this.#add(owner, { requests: -1, bodyBytes: 0 });
        owner = other;
      },
      receive: (bytes) => {
        this.#take(owner, { requests: 0, bodyBytes: bytes });
        received += bytes;
      },
      end: () => this.#add(owner, { requests: -1, bodyBytes: -received }),
    };
  }

  close(): void {
    clearInterval(this.#heapCheck);
  }

  #take(client: string, more: Held): void {
    const all = sum(this.#held, more);
    const own = sum(this.#heldByClient.get(client), more);
    const isShared = (what: keyof Held) => more[what] === 0 || own[what] <= this.#limits[what] - all[what];
    if (!isShared('requests') || !isShared('bodyBytes')) throw overloaded();
    this.#add(client, more);
  }

  #add(client: string, more: Held): void {
    this.#held = sum(this.#held, more);
    const own = sum(this.#heldByClient.get(client), more);
    if (own.requests > 0) this.#heldByClient.set(client, own);
    else this.#heldByClient.delete(client);
  }
}

function sum(held: Held = { requests: 0, bodyBytes: 0 }, more: Held): Held {
  return { requests: held.requests + more.requests, bodyBytes: held.bodyBytes + more.bodyBytes };
}

function overloaded(): RequestError {
  const message = `This instance is overloaded; retry in ${RETRY_AFTER} s.`;
  return new RequestError(503, 'OVERLOADED', message, { retryAfter: RETRY_AFTER });
}
