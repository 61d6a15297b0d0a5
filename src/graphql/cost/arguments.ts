import type { SearchKey } from '../../qcc/search-key.js';
import { isDamaged, readTyped } from '../../qcc/text/typed-text.js';
import { QueryError } from '../errors.js';
import type { SearchKeys } from './search-keys.js';

/** The length of QCC's Id field (document, 6.3.1). */
const MAX_ID_LENGTH = 36;
const MAX_KEYS = 100;

/** The id of a case, as it is sent to QCC. @throws QueryError where it cannot be one */
export function readCaseId(typed: string): string {
  const id = readTyped(typed, MAX_ID_LENGTH);
  if (!id || isDamaged(id)) {
    throw new QueryError(
      `id must be the id of a case as endCases returns it: 1 to ${MAX_ID_LENGTH} characters.`,
    );
  }
  return id;
}

/** @throws QueryError where `companies` gets too many keys, or none */
export function assertKeyCount({ length }: readonly unknown[]): void {
  if (length < 1 || length > MAX_KEYS) {
    throw new QueryError(`searchKeys has ${length} keys. It must have 1 to ${MAX_KEYS}.`);
  }
}

/** The keys of an entity as a router sends them: not validated yet. */
export type Representation = Readonly<Record<string, unknown>>;

/** The entity that a representation refers to. A company without any key is null. */
export type Reference =
  | { readonly type: 'Company'; readonly key: SearchKey | null }
  | { readonly type: 'EndCase'; readonly id: string };

/**
 * Reads a representation. Of several keys of a company, the first counts that is neither null nor empty: KeyNo, credit
 * code, search key.
 *
 * @throws QueryError, SearchKeyError saying what would be right
 */
export function readReference(representation: Representation, keys: SearchKeys): Reference {
  const { __typename, id } = representation;
  if (__typename === 'Company') return { type: 'Company', key: companyKeyOf(representation, keys) };
  if (__typename !== 'EndCase') {
    throw new QueryError(
      'The __typename of a representation must be Company or EndCase. This subgraph has no other entities.',
    );
  }
  if (typeof id !== 'string') throw new QueryError('The id of an EndCase must be a string.');
  return { type: 'EndCase', id: readCaseId(id) };
}

function companyKeyOf({ keyNo, creditCode, searchKey }: Representation, keys: SearchKeys): SearchKey | null {
  if (isGiven(keyNo)) return readKey(keyNo, keys, 'KEY_NO');
  if (isGiven(creditCode)) return readKey(creditCode, keys, 'CREDIT_CODE');
  return isGiven(searchKey) ? readKey(searchKey, keys) : null;
}

function isGiven(key: unknown): boolean {
  return typeof key === 'string' ? key.trim() !== '' : key !== null && key !== undefined;
}

const EXPECTED_KEYS = {
  KEY_NO:
    'keyNo must be the KeyNo of a company: 32 characters, a digit or a letter other than p, then 31 hexadecimal digits.',
  CREDIT_CODE:
    'creditCode must be a unified social credit code: 18 characters, of which the last is a check character.',
};

/** @param expected undefined: any kind of key */
function readKey(typed: unknown, keys: SearchKeys, expected?: keyof typeof EXPECTED_KEYS): SearchKey {
  if (typeof typed !== 'string') throw new QueryError('The key of a Company must be a string.');
  const key = keys.read(typed);
  if (expected !== undefined && key.kind !== expected) throw new QueryError(EXPECTED_KEYS[expected]);
  return key;
}
