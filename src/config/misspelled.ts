import { PRICE_VARIABLES } from './prices.js';
import { variables } from './variables.js';

const NAMES: readonly string[] = [...Object.keys(variables.shape), ...PRICE_VARIABLES];
/** The beginnings of names that no other program uses. */
const OUR_PREFIX = /^(QCC|CACHE|BUDGET|LEDGER)_/;
/** Insertions, deletions and replacements of one character. */
const MAX_EDITS = 2;
/** Variables that systems set, and that differ in two characters from `HOST` or `AUTH`. */
const OF_SYSTEMS: ReadonlySet<string> = new Set(['HOME', 'PATH', 'OS']);

export interface Misspelling {
  readonly name: string;
  /** The variable that was probably meant. */
  readonly meant: string;
}

/** The variables that are set, are no settings, and are spelled much like one. Capitals do not count. */
export function misspelledVariables(
  env: Readonly<Record<string, string | undefined>>,
): readonly Misspelling[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value?.trim() || NAMES.includes(name)) return [];
    const upper = name.toUpperCase();
    if (OF_SYSTEMS.has(upper)) return [];
    const meant = closestTo(upper, OUR_PREFIX.test(upper) ? Number.POSITIVE_INFINITY : MAX_EDITS);
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** The setting whose name is at most so many edits away; undefined if there is none. */
function closestTo(name: string, maxEdits: number): string | undefined {
  let closest: string | undefined;
  let best = maxEdits + 1;
  for (const meant of NAMES) {
    // Names differ in at least as many edits as in characters. This saves most of the work, for a start.
    if (Math.abs(meant.length - name.length) >= best) continue;
    const edits = editsBetween(name, meant);
    if (edits < best) [closest, best] = [meant, edits];
  }
  return closest;
}

/** The Levenshtein distance: the least number of edits that make one text the other. */
function editsBetween(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 0; row < one.length; row += 1) {
    const current = [row + 1];
    for (let column = 0; column < other.length; column += 1) {
      const replaced = (previous[column] ?? 0) + (one[row] === other[column] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
