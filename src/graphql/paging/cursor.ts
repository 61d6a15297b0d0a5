import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { foldSearchKey } from '../../qcc/search-key.js';
import { QueryError } from '../errors.js';

/** A position in one company's list. */
export interface CursorPosition {
  /** Rows before it; 0 is the first row. */
  readonly offset: number;
  readonly caseId: string;
}

const VERSION = '1';
const CURSOR = /^1 ([0-9a-f]{16}) (\d{1,4}) (.+)$/s;
/** Cursors have about 100 characters. A longer text is not a cursor, and is not decoded. */
const MAX_LENGTH = 1000;
/** Digests of the latest search keys. A list has a hundred cursors at a time. */
const digests = new LRUCache<string, string>({ max: 1000 });

/** An opaque cursor: version, digest of the search key, offset and case id. It is the same on every instance. */
export function writeCursor(searchKey: string, position: CursorPosition): string {
  return write(digest(searchKey), position);
}

function write(keyDigest: string, { offset, caseId }: CursorPosition): string {
  return Buffer.from([VERSION, keyDigest, offset, caseId].join(' ')).toString('base64url');
}

/** @param searchKey null: of any list. @throws QueryError where the cursor is not from this list */
export function readCursor(argument: string, searchKey: string | null, cursor: string): CursorPosition {
  const text = cursor.length > MAX_LENGTH ? '' : Buffer.from(cursor, 'base64url').toString();
  const [, keyDigest, offset, caseId] = CURSOR.exec(text) ?? [];
  const position = { offset: Number(offset), caseId: caseId ?? '' };
  const expected = searchKey === null ? keyDigest : digest(searchKey);
  if (keyDigest === undefined || keyDigest !== expected || write(keyDigest, position) !== cursor) {
    throw new QueryError(
      `${argument} is not a cursor of this list. Use endCursor, startCursor or an edge's cursor of the same company.`,
    );
  }
  return position;
}

function digest(searchKey: string): string {
  const known = digests.get(searchKey);
  if (known !== undefined) return known;
  const made = createHash('sha256').update(foldSearchKey(searchKey)).digest('hex').slice(0, 16);
  digests.set(searchKey, made);
  return made;
}
