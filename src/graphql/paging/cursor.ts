import { createHash } from 'node:crypto';
import { foldSearchKey } from '../../qcc/search-key.js';
import { QueryError } from '../errors.js';

/** A place in one company's list. */
export interface Place {
  /** Rows before it; 0 is the first row. */
  readonly offset: number;
  readonly caseId: string;
}

const VERSION = '1';

/** An opaque cursor: version, digest of the search key, offset and case id, the same on every instance. */
export function writeCursor(searchKey: string, place: Place): string {
  return write(digest(searchKey), place);
}

function write(keyDigest: string, { offset, caseId }: Place): string {
  return Buffer.from([VERSION, keyDigest, offset, caseId].join(' ')).toString('base64url');
}

/** @param searchKey null: of any list. @throws QueryError where the cursor is not one of this list */
export function readCursor(argument: string, searchKey: string | null, cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, keyDigest, offset, caseId] = /^1 ([0-9a-f]{16}) (\d{1,4}) (.+)$/s.exec(text) ?? [];
  const place = { offset: Number(offset), caseId: caseId ?? '' };
  const expected = searchKey === null ? keyDigest : digest(searchKey);
  if (keyDigest === undefined || keyDigest !== expected || write(keyDigest, place) !== cursor) {
    throw new QueryError(
      `${argument} is no cursor of this list: take the endCursor, startCursor or an edge's cursor of the same company.`,
    );
  }
  return place;
}

function digest(searchKey: string): string {
  return createHash('sha256').update(foldSearchKey(searchKey)).digest('hex').slice(0, 16);
}
