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

/** The operations of one size, and their queued calls. */
export class SizeClass {
  /** Calls that its admitted operations may make. */
  backlog = 0;
  /** The operations with queued calls, the oldest first. */
  readonly #queues = new Fifo<OperationQueue>();
  readonly #queueOf = new Map<object, OperationQueue>();

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
