import { Cancelled } from './error.js';

/**
 * Tells those who work for an asker that it waits no more: what an `AbortSignal` tells, in a small part of its time and
 * memory. Every call upstream has one, and hardly any is left.
 */
export class Leaving {
  #left = false;
  #listeners: Set<() => void> | undefined;

  get left(): boolean {
    return this.#left;
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  /** Has a listener called when the asker leaves; at once, where it has left. Gives what ends that. */
  onLeave(listener: () => void): () => void {
    if (this.#left) {
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
export function waitFor(span: number, leaving: Leaving | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stay?.();
      resolve();
    }, span);
    const stay = leaving?.onLeave(() => {
      clearTimeout(timer);
      reject(new Cancelled());
    });
  });
}
