import { setImmediate as nextTurn } from 'node:timers/promises';

/** A step that waits for its commit. */
interface QueuedStep {
  /** Returns what is to be called after the commit. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits steps in groups, in the order in which they came: those of one tick of the event loop, or of the time that the
 * commit before takes.
 */
export class CommitQueue {
  #queue: QueuedStep[] = [];
  readonly #beforeCommit: (() => void)[] = [];
  /** Settles once the queue is empty; undefined while it is. */
  #commits: Promise<void> | undefined;

  /** @param transaction runs a function in one transaction; resolves once that is committed */
  constructor(private readonly transaction: (work: () => void) => Promise<unknown>) {}

  /** Adds a step. Resolves with its result once it is committed. @param step must not throw once it has written */
  add<T>(step: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ run: () => resolve.bind(undefined, step()), reject });
      this.#commits ??= this.#commitAll();
    });
  }

  /** Calls a function at the end of each commit, inside its transaction. */
  beforeCommit(work: () => void): void {
    this.#beforeCommit.push(work);
  }

  /** Resolves once nothing waits for a commit. */
  async emptied(): Promise<void> {
    await this.#commits;
  }

  async #commitAll(): Promise<void> {
    await nextTurn();
    while (this.#queue.length > 0) {
      const steps = this.#queue;
      this.#queue = [];
      await this.#commit(steps);
    }
    this.#commits = undefined;
  }

  /** Never rejects: the steps do. */
  async #commit(steps: readonly QueuedStep[]): Promise<void> {
    const settle: (() => void)[] = [];
    try {
      await this.transaction(() => {
        for (const { run, reject } of steps) {
          try {
            settle.push(run());
          } catch (error) {
            settle.push(reject.bind(undefined, error));
          }
        }
        for (const work of this.#beforeCommit) work();
      });
      for (const done of settle) done();
    } catch (error) {
      for (const { reject } of steps) reject(error);
    }
  }
}
