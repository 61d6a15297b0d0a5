import type { CaseList } from '../company/case-list';
import type { Problem } from '../graph/problem';
import { createStore } from '../store';
import type { CheckedList } from './check-list';

/** What is known of a company. */
export interface Result {
  readonly list: CaseList | undefined;
  readonly problems: readonly Problem[];
}

export interface Portfolio {
  /** The list as pasted or dropped. */
  readonly draft: string;
  readonly checked: CheckedList | undefined;
  /** Companies whose first page the gateway has; undefined until it has been asked. */
  readonly held: ReadonlySet<string> | undefined;
  /** By search key. */
  readonly results: ReadonlyMap<string, Result>;
}

const STORED = 'endcase-list';

/** The list and its results outlive the view, so that a reader who opens a company can come back to them. */
export const portfolio = createStore<Portfolio>({
  draft: sessionStorage.getItem(STORED) ?? '',
  checked: undefined,
  held: undefined,
  results: new Map(),
});

function change(part: Partial<Portfolio>): void {
  portfolio.set({ ...portfolio.get(), ...part });
}

/** Replaces the list. What was found for the old one is dropped. */
export function setDraft(draft: string): void {
  change({ draft, checked: undefined, held: undefined, results: new Map() });
  try {
    sessionStorage.setItem(STORED, draft);
  } catch {
    sessionStorage.removeItem(STORED); // It is larger than the browser stores: a reload loses it.
  }
}

export const setChecked = (checked: CheckedList) => change({ checked, held: undefined, results: new Map() });
export const setHeld = (held: ReadonlySet<string>) => change({ held });

export function addResults(found: Iterable<readonly [string, Result]>): void {
  change({ results: new Map([...portfolio.get().results, ...found]) });
}
