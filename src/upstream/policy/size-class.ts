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

/** The operations of one size, and their queued calls. */
export class SizeClass {
  #backlog = 0;
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
    for (let queue = this.#queues.first; queue; queue = this.#queues.first) {
      const call = queue.calls.first;
      if (call === undefined) {
        this.#queues.removeFirst();
        this.#queueOf.delete(queue.operation);
        continue;
      }
      queue.calls.removeFirst();
      if (call.isCancelled) continue;
      const { since } = queue;
      queue.since = now;
      return { call, since };
    }
    return undefined;
  }
}
