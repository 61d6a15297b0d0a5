/** Work that is under way, to be waited for before what it needs is closed. */
export class InFlight {
  readonly #all = new Set<Promise<unknown>>();

  /** Whoever else awaits the work hears of its failure; that nobody does is no failure of the process. */
  track<T>(work: Promise<T>): Promise<T> {
    const forget = () => this.#all.delete(settled);
    const settled: Promise<unknown> = work.then(forget, forget);
    this.#all.add(settled);
    return work;
  }

  /** Resolves when nothing is under way any more, or after `span` milliseconds. */
  async settled(span: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<'enough'>((resolve) => {
      timer = setTimeout(() => resolve('enough'), span);
    });
    while (this.#all.size > 0) {
      if ((await Promise.race([Promise.all(this.#all), enough])) === 'enough') break;
    }
    clearTimeout(timer);
  }
}
