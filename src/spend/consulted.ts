import type { Place } from './question.js';
import type { Remembered } from './tiers.js';

/**
 * What an operation was answered from: what lay in memory, place by place, and whether anything else was asked. Where
 * memory alone was asked, the operation would be answered alike as long as the same lies there.
 */
export class Consulted {
  readonly #places = new Map<Place, Remembered | undefined>();
  #answers = 0;
  #until = Number.POSITIVE_INFINITY;
  #elsewhere = false;
  #ofTheMoment = false;
  /** How often memory had changed when it was last seen to hold all of this. */
  checkedAt: number | undefined;

  /** Memory was asked for what lies at a place. @param until when what it gave serves no more, in milliseconds since 1970 */
  saw(place: Place, found: Remembered | undefined, until = Number.POSITIVE_INFINITY): void {
    if (this.#places.has(place) && this.#places.get(place) !== found) this.#elsewhere = true;
    this.#places.set(place, found);
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

  get places(): ReadonlyMap<Place, Remembered | undefined> {
    return this.#places;
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
