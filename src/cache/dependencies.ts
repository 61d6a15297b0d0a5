import type { Place } from './cache-key.js';
import type { Remembered } from './tiered-cache.js';

/**
 * What an operation was answered from: what lay in memory, place by place, and whether anything else was asked. Where
 * memory alone was asked, the operation would be answered alike as long as the same lies there.
 */
export class Dependencies {
  /** Weak: what memory lets go is not to be held by whoever has read it. */
  readonly #places = new Map<Place, WeakRef<Remembered> | undefined>();
  #answers = 0;
  #until = Number.POSITIVE_INFINITY;
  #elsewhere = false;
  #ofTheMoment = false;
  /** How often memory had changed when it was last seen to hold all of this. */
  checkedAt: number | undefined;

  /** Memory was asked for what lies at a place. @param until when what it gave serves no more, in milliseconds since 1970 */
  saw(place: Place, found: Remembered | undefined, until = Number.POSITIVE_INFINITY): void {
    const before = this.#places.get(place);
    if (this.#places.has(place) && !isSame(before, found)) this.#elsewhere = true;
    else if (before === undefined) this.#places.set(place, found && new WeakRef(found));
    this.#until = Math.min(this.#until, until);
  }

  /** An answer was given out of memory. */
  answered(): void {
    this.#answers += 1;
  }

  /** Something was asked that memory does not hold. */
  elsewhere(): void {
    this.#elsewhere = true;
  }

  /** Something was told that is another thing a moment later. */
  theMoment(): void {
    this.#ofTheMoment = true;
    this.#elsewhere = true;
  }

  /** Whether memory holds what was seen there, and nothing where nothing was. */
  isAllIn(memory: { get(place: Place): Remembered | undefined }): boolean {
    for (const [place, seen] of this.#places) if (!isSame(seen, memory.get(place))) return false;
    return true;
  }

  /** Answers that memory gave. */
  get answers(): number {
    return this.#answers;
  }

  /** When a part of it serves no more, in milliseconds since 1970. */
  get until(): number {
    return this.#until;
  }

  /** Whether another who asked meanwhile might have been told something else. */
  get ofTheMoment(): boolean {
    return this.#ofTheMoment;
  }

  /** Whether memory was asked for something, and nothing else was asked. */
  get memoryAlone(): boolean {
    return !this.#elsewhere && this.#places.size > 0;
  }
}

function isSame(seen: WeakRef<Remembered> | undefined, found: Remembered | undefined): boolean {
  return seen === undefined ? found === undefined : found !== undefined && seen.deref() === found;
}
