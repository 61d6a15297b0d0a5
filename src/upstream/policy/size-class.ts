import { Fifo } from './fifo.js';

export interface QueuedCall {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
  isCancelled: boolean;
}

/** The queued calls of one operation, and since when the operation has had no slot. */
interface OperationQueue {
  readonly operation: object;
  readonly calls: Fifo<QueuedCall>;
  since: number;
}

/** Admitted operations of one identity, and the calls that they may make together. */
interface Admitted {
  readonly calls: number;
  operations: number;
}

/**
 * Every so many turns, the second oldest operation gets the slot. So it has read its pages when the oldest one ends, and its
 * details then fill all slots at once.
 */
const TURNS_PER_SECOND_OLDEST = 8;

/** The operations of one size, and their queued calls. */
export class SizeClass {
  #backlog = 0;
  #turns = 0;
  /** The operations that are admitted, by identity. */
  readonly #admitted = new Map<string, Admitted>();
  /** The operations with queued calls, the oldest first. */
  readonly #queues = new Fifo<OperationQueue>();
  readonly #queueOf = new Map<object, OperationQueue>();

  /** Calls that its admitted operations may make. */
  get backlog(): number {
    return this.#backlog;
  }

  /** How much an operation would add to the backlog. */
  added(identity: string, calls: number): number {
    return this.#admitted.has(identity) ? 0 : calls;
  }

  /** Adds an operation to the backlog. Returns a function that takes it out, once. */
  enter(identity: string, calls: number): () => void {
    const admitted = this.#admitted.get(identity) ?? { calls, operations: 0 };
    if (admitted.operations === 0) this.#backlog += calls;
    admitted.operations += 1;
    this.#admitted.set(identity, admitted);
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      admitted.operations -= 1;
      if (admitted.operations > 0) return;
      this.#backlog -= admitted.calls;
      this.#admitted.delete(identity);
    };
  }

  add(operation: object, call: QueuedCall, now: number): void {
    let queue = this.#queueOf.get(operation);
    if (queue === undefined) {
      queue = { operation, calls: new Fifo(), since: now };
      this.#queues.push(queue);
      this.#queueOf.set(operation, queue);
    }
    queue.calls.push(call);
  }

  /** Takes out the next call, and says since when its operation has had no slot. */
  next(now: number): { readonly call: QueuedCall; readonly since: number } | undefined {
    const queue = this.#nextQueue();
    const call = queue && nextCall(queue);
    if (queue === undefined || call === undefined) return undefined;
    queue.calls.removeFirst();
    const { since } = queue;
    queue.since = now;
    return { call, since };
  }

  /** The operation whose turn it is; it has a queued call. */
  #nextQueue(): OperationQueue | undefined {
    let oldest = this.#queues.first;
    while (oldest && nextCall(oldest) === undefined) {
      this.#queues.removeFirst();
      this.#queueOf.delete(oldest.operation);
      oldest = this.#queues.first;
    }
    this.#turns += 1;
    const { second } = this.#queues;
    const isTurnOfSecond = this.#turns % TURNS_PER_SECOND_OLDEST === 0;
    return isTurnOfSecond && second && nextCall(second) ? second : oldest;
  }
}

/** The first call of a queue that is not cancelled; drops those before it. */
function nextCall({ calls }: OperationQueue): QueuedCall | undefined {
  while (calls.first?.isCancelled) calls.removeFirst();
  return calls.first;
}
