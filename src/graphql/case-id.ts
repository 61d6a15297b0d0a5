import { QueryError } from './error.js';

/** Length of QCC's field (document, 6.3.1). */
const LONGEST_ID = 36;

/** The id of a case as it is sent. @throws QueryError where it cannot be one */
export function readCaseId(typed: string): string {
  const id = typed.trim();
  if (id === '' || id.length > LONGEST_ID || /[\p{Cc}\p{Cs}]/u.test(id)) {
    throw new QueryError(`id must be the id of a case: 1 to ${LONGEST_ID} characters, as endCases gives it.`);
  }
  return id;
}
