import { Cancelled } from '../error.js';

/**
 * Tells those who work for an asker that it waits no more: what an `AbortSignal` tells, in a small part of its time and
 * memory. Every call upstream has one, and hardly any is left.
 */
export class Cancellation {
  #cancelled = false;
  #listeners: Set<() => void> | undefined;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  /** Has a listener called when the asker leaves; at once, where it has left. Gives what ends that. */
  onCancel(listener: () => void): () => void {
    if (this.#cancelled) {
      listener();
      return () => undefined;
    }
    this.#listeners ??= new Set();
    const once = () => listener();
    this.#listeners.add(once);
    return () => this.#listeners?.delete(once);
  }
}

/** Waits so many milliseconds. @throws Cancelled where the asker leaves meanwhile, or has left */
export function waitFor(span: number, cancellation: Cancellation | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stay?.();
      resolve();
    }, span);
    const stay = cancellation?.onCancel(() => {
      clearTimeout(timer);
      reject(new Cancelled());
    });
  });
}
