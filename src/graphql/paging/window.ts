import { LAST_ROW } from '../../qcc/methods.js';
import { QueryError } from '../errors.js';
import { type CursorPosition, readCursor } from './cursor.js';

/** Arguments of a connection, as GraphQL provides them. */
export interface WindowArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly offset?: number | null | undefined;
}

/** A window on a list: the first or last `count` rows from `start` on and before `end` (null: the end of the list). */
export interface Window {
  readonly side: 'first' | 'last';
  readonly count: number;
  /** An offset; 0 is the first row. */
  readonly start: number;
  readonly end: number | null;
  /** The id of the row just before `start`, as the cursor saw it. */
  readonly anchor: string | null;
}

const DEFAULT_COUNT = 10;
const MAX_COUNT = 100;

/**
 * Reads a connection's arguments.
 *
 * @param searchKey null: of any company, so cursors of all lists pass
 * @throws QueryError saying what would be right
 */
export function readWindow(args: WindowArguments, searchKey: string | null): Window {
  const { first, after, last, before, offset } = args;
  if (isGiven(first) && isGiven(last)) throw new QueryError('Give either first or last, not both.');
  if (isGiven(offset) && (isGiven(after) || isGiven(before))) {
    throw new QueryError('Give either offset or a cursor in after or before, not both.');
  }
  if (isGiven(offset) && offset < 0) throw new QueryError(`offset is ${offset}; it must be 0 or more.`);
  const from: CursorPosition | null = isGiven(after) ? readCursor('after', searchKey, after) : null;
  const until: CursorPosition | null = isGiven(before) ? readCursor('before', searchKey, before) : null;

  const window: Window = {
    side: isGiven(last) ? 'last' : 'first',
    count: isGiven(last) ? readCount('last', last) : readCount('first', first ?? DEFAULT_COUNT),
    start: from ? from.offset + 1 : (offset ?? 0),
    end: until?.offset ?? null,
    anchor: from?.caseId ?? null,
  };
  if (window.start >= LAST_ROW) {
    throw new QueryError(
      `The window starts at row ${window.start + 1}; QCC's paging ends at row ${LAST_ROW}.`,
      'UPSTREAM_LIMIT_EXCEEDED',
    );
  }
  return window;
}

function readCount(name: string, value: number): number {
  if (value >= 0 && value <= MAX_COUNT) return value;
  throw new QueryError(`${name} is ${value}; it must be from 0 to ${MAX_COUNT}.`);
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
