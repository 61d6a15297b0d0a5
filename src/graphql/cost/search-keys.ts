import { readSearchKey, type SearchKey, SearchKeyError } from '../../qcc/search-key.js';

/** Reads the search keys of one operation, each text once: aliases and lists may repeat it tens of thousands of times. */
export class SearchKeys {
  readonly #outcomes = new Map<string, SearchKey | SearchKeyError>();

  /** The key, or an error that says what would be right if the text is not a key. */
  outcome(typed: string): SearchKey | SearchKeyError {
    const known = this.#outcomes.get(typed);
    if (known) return known;
    const outcome = readOutcome(typed);
    this.#outcomes.set(typed, outcome);
    return outcome;
  }

  /** @throws SearchKeyError saying what would be right */
  read(typed: string): SearchKey {
    const outcome = this.outcome(typed);
    if (outcome instanceof SearchKeyError) throw outcome;
    return outcome;
  }
}

function readOutcome(typed: string): SearchKey | SearchKeyError {
  try {
    return readSearchKey(typed);
  } catch (error) {
    if (error instanceof SearchKeyError) return error;
    throw error;
  }
}
