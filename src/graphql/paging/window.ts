import { LAST_ROW } from '../../qcc/methods.js';
import { QueryError } from '../errors.js';
import { type Place, readCursor } from './cursor.js';

/** Arguments of a connection, as GraphQL gives them. */
export interface WindowArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly offset?: number | null | undefined;
}

/**
 * A window on a list: of the rows from `start` on and before `end` (null: the list's end), the first or the last
 * `count`. All are numbers of rows, 0 the first.
 */
export interface Window {
  readonly side: 'first' | 'last';
  readonly count: number;
  readonly start: number;
  readonly end: number | null;
  /** The row just before `start`, as it was when it was seen. */
  readonly anchor: string | null;
}

const DEFAULT = 10;
const MOST = 100;

/**
 * Reads a connection's arguments.
 *
 * @param searchKey null: of a company not known yet, so that cursors of any list pass
 * @throws QueryError saying what would be right
 */
export function readWindow(args: WindowArguments, searchKey: string | null): Window {
  const { first, after, last, before, offset } = args;
  const count = (name: string, value: number) => {
    if (value < 0 || value > MOST) {
      throw new QueryError(`${name} is ${value}; it must be from 0 to ${MOST}.`);
    }
    return value;
  };
  if (isGiven(first) && isGiven(last)) throw new QueryError('Give first or last, not both.');
  if (isGiven(offset) && (isGiven(after) || isGiven(before))) {
    throw new QueryError('Give offset, or a cursor in after or before, not both.');
  }
  if (isGiven(offset) && offset < 0) throw new QueryError(`offset is ${offset}; it must be 0 or more.`);
  const since: Place | null = isGiven(after) ? readCursor('after', searchKey, after) : null;
  const until: Place | null = isGiven(before) ? readCursor('before', searchKey, before) : null;

  const window: Window = {
    side: isGiven(last) ? 'last' : 'first',
    count: isGiven(last) ? count('last', last) : count('first', first ?? DEFAULT),
    start: since ? since.offset + 1 : (offset ?? 0),
    end: until?.offset ?? null,
    anchor: since?.caseId ?? null,
  };
  if (window.start >= LAST_ROW) {
    throw new QueryError(
      `The window starts at row ${window.start + 1}; QCC pages no further than row ${LAST_ROW}.`,
      'UPSTREAM_LIMIT_EXCEEDED',
    );
  }
  return window;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
