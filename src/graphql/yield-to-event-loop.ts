/** Cases that one operation works on in one turn of the event loop: a few milliseconds' worth. */
const SHARE = 50;

interface Waiting {
  readonly cases: number;
  readonly go: () => void;
}

/** Shares the event loop: an operation for thousands of cases does some of them in a turn, and others are served between. */
export class Turns {
  #left = SHARE;
  #waiting: Waiting[] = [];
  #scheduled = false;

  /** Takes a part of this turn for so many cases. Gives what is to be waited for where it is used up. */
  take(cases = 1): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#left > 0) {
      this.#left -= cases;
      this.#schedule();
      return undefined;
    }
    return new Promise((go) => this.#waiting.push({ cases, go }));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#scheduled = false;
    this.#left = SHARE;
    let count = 0;
    for (const { cases } of this.#waiting) {
      if (this.#left <= 0) break;
      this.#left -= cases;
      count += 1;
    }
    if (count > 0) this.#schedule();
    for (const { go } of this.#waiting.splice(0, count)) go();
  }
}
