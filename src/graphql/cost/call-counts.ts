/** How many calls, by the name of their method. */
export class CallCounts {
  readonly #byMethod = new Map<string, number>();

  add(method: string, count: number): void {
    this.#byMethod.set(method, (this.#byMethod.get(method) ?? 0) + count);
  }

  /** Adds other calls, `times` times. */
  addAll(others: CallCounts, times = 1): void {
    for (const [method, count] of others.#byMethod) this.add(method, times * count);
  }

  get byMethod(): ReadonlyMap<string, number> {
    return this.#byMethod;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#byMethod.values()) total += count;
    return total;
  }
}
