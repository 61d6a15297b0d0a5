/**
 * A queue whose first item is found and removed in constant time. (A `Map` or `Set` skips all removed items at its front, and
 * an array moves all others.)
 */
export class Fifo<T> {
  #items: T[] = [];
  #start = 0;

  get first(): T | undefined {
    return this.#items[this.#start];
  }

  get second(): T | undefined {
    return this.#items[this.#start + 1];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  removeFirst(): void {
    this.#start += 1;
    if (this.#start * 2 <= this.#items.length) return;
    this.#items = this.#items.slice(this.#start);
    this.#start = 0;
  }
}
