import { isCompanyKeyNo, isCreditCode, readSearchKey, type SearchKey } from '../../qcc/search-key.js';
import { QueryError } from '../errors.js';

/** The length of QCC's Id field (document, 6.3.1). */
const MAX_ID_LENGTH = 36;
const MAX_KEYS = 100;

/** The id of a case, as it is sent to QCC. @throws QueryError where it cannot be one */
export function readCaseId(typed: string): string {
  const id = typed.trim();
  if (id === '' || id.length > MAX_ID_LENGTH || /[\p{Cc}\p{Cs}]/u.test(id)) {
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
 * Reads a representation. Of several keys of a company, the first that is not null counts: KeyNo, credit code, search key.
 *
 * @throws QueryError, SearchKeyError saying what would be right
 */
export function readReference(representation: Representation): Reference {
  const { __typename, id } = representation;
  if (__typename === 'Company') return { type: 'Company', key: companyKeyOf(representation) };
  if (__typename !== 'EndCase') {
    throw new QueryError(
      'The __typename of a representation must be Company or EndCase. This subgraph has no other entities.',
    );
  }
  if (typeof id !== 'string') throw new QueryError('The id of an EndCase must be a string.');
  return { type: 'EndCase', id: readCaseId(id) };
}

function companyKeyOf({ keyNo, creditCode, searchKey }: Representation): SearchKey | null {
  const text = keyNo ?? creditCode ?? searchKey ?? null;
  if (text === null) return null;
  if (typeof text !== 'string') throw new QueryError('The key of a Company must be a string.');
  const key = readSearchKey(text);
  if (text === keyNo && !isCompanyKeyNo(key.text)) {
    throw new QueryError(
      'keyNo must be the KeyNo of a company: 32 characters, a letter or digit and then 31 hexadecimal digits.',
    );
  }
  if (text === creditCode && !isCreditCode(key.text)) {
    throw new QueryError(
      'creditCode must be a unified social credit code: 18 characters, of which the last is a check character.',
    );
  }
  return key;
}
