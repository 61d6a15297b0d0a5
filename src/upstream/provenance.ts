import { BufferedCounters } from '../ledger/buffered-counters.js';
import { dayOf } from '../qcc/day.js';
import type { SearchKeyKind } from '../qcc/search-key.js';
import type { ReportFault, Store } from '../store/store.js';

const DAY = 86_400_000;

/** How a case was known whose detail was asked: from the list of a company searched by such a key, or by its id alone. */
export type FoundBy = SearchKeyKind | 'ID';

/**
 * Counts details that were asked, by how their cases were known. One company's cases are told under its name, its KeyNo
 * and its codes alike: who has seen one list only cannot tell which of its cases have been bought through another.
 */
export class Provenance {
  readonly #counts: BufferedCounters;

  /**
   * @param lifetime milliseconds that a detail serves
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly store: Pick<Store, 'add' | 'counts'>,
    private readonly lifetime: number,
    private readonly now: () => number,
    report: ReportFault,
  ) {
    this.#counts = new BufferedCounters(store, now, lifetime + 2 * DAY, report);
  }

  note(foundBy: FoundBy): void {
    this.#counts.add(counterGroupOf(dayOf(this.now())), foundBy, 1);
  }

  /** How many details may be kept, at most, whose cases were known otherwise. */
  async otherThan(foundBy: FoundBy): Promise<number> {
    let count = 0;
    for (let time = this.now(); time > this.now() - this.lifetime - DAY; time -= DAY) {
      const group = counterGroupOf(dayOf(time));
      const written = await this.store.counts(group).catch(() => ({}));
      for (const [known, asked] of [...Object.entries(written), ...this.#counts.unwritten(group)]) {
        if (known !== foundBy) count += asked;
      }
    }
    return count;
  }

  close(): Promise<void> {
    return this.#counts.close();
  }
}

function counterGroupOf(day: string): string {
  return `details ${day}`;
}
