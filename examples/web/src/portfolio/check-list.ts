import { ask } from '../graph/ask';
import { KEYS } from '../graph/operations';
import { Stopped } from '../purchase/stopped';
import { type InvalidReason, reasonOf } from './invalid-reason';
import type { Listed } from './read-list';

/** A row of the list, read: a company, or the reason why it is none. */
export interface CheckedRow extends Listed {
  /** As the gateway sends it to QCC. */
  readonly searchKey: string | undefined;
  readonly reason: InvalidReason | undefined;
}

/** A list that the gateway has read. */
export interface CheckedList {
  readonly rows: readonly CheckedRow[];
  /** Each company once, in the order of the list. */
  readonly companies: readonly string[];
}

const CHUNK = 100;

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Spellings that differ in width or case are one company to the gateway. */
const fold = (key: string) =>
  key
    .replaceAll(/[\uff01-\uff5e]/g, (form) => String.fromCharCode(form.charCodeAt(0) - 0xfee0))
    .toLowerCase();

/**
 * Asks the gateway which rows are companies. Costs nothing.
 *
 * @throws Stopped if it does not answer
 */
export async function checkList(listed: readonly Listed[], signal: AbortSignal): Promise<CheckedList> {
  const rows: CheckedRow[] = [];
  for (const chunk of chunksOf(listed, CHUNK)) {
    // What is far too long for a key is not sent.
    const searchKeys = chunk.map(({ typed }) => typed.slice(0, 300));
    const { data, problems } = await ask(KEYS, { searchKeys }, { limit: 0, signal });
    if (!data) throw new Stopped(problems);
    for (const [index, one] of chunk.entries()) {
      const searchKey = data.companies[index]?.searchKey;
      rows.push({ ...one, searchKey, reason: searchKey === undefined ? reasonOf(one.typed) : undefined });
    }
  }
  const distinct = new Map<string, string>();
  const merged = rows.map((row) => {
    if (row.searchKey === undefined) return row;
    const folded = fold(row.searchKey);
    const known = distinct.get(folded) ?? row.searchKey;
    distinct.set(folded, known);
    return { ...row, searchKey: known };
  });
  return { rows: merged, companies: [...distinct.values()] };
}
