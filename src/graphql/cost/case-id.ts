import { QueryError } from '../errors.js';

/** Length of QCC's field (document, 6.3.1). */
const MAX_ID = 36;

/** The id of a case as it is sent. @throws QueryError where it cannot be one */
export function readCaseId(typed: string): string {
  const id = typed.trim();
  if (id === '' || id.length > MAX_ID || /[\p{Cc}\p{Cs}]/u.test(id)) {
    throw new QueryError(`id must be the id of a case: 1 to ${MAX_ID} characters, as endCases gives it.`);
  }
  return id;
}
