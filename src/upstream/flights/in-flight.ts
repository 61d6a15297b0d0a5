/** Work in flight. A shutdown waits for it before it closes what the work needs. */
export class InFlight {
  readonly #all = new Set<Promise<unknown>>();

  /** Tracks work until it settles. A failure concerns those who await the work itself. */
  track<T>(work: Promise<T>): Promise<T> {
    const forget = () => this.#all.delete(settled);
    const settled: Promise<unknown> = work.then(forget, forget);
    this.#all.add(settled);
    return work;
  }

  /** Resolves once nothing is in flight, or after `timeout` milliseconds. */
  async settled(timeout: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timedOut = new Promise<'timed out'>((resolve) => {
      timer = setTimeout(() => resolve('timed out'), timeout);
    });
    while (this.#all.size > 0) {
      if ((await Promise.race([Promise.all(this.#all), timedOut])) === 'timed out') break;
    }
    clearTimeout(timer);
  }
}
