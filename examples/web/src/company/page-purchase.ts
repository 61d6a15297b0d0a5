import type { PageQuery } from '../gql/graphql';
import { type Answer, ask } from '../graph/ask';
import { PAGE } from '../graph/operations';
import { addEstimates, type Estimate, FREE } from '../money/estimate';
import { inTurns } from '../purchase/in-turns';
import { priceOf } from '../purchase/price';
import { stopUnlessLocal } from '../purchase/stopped';
import type { Run } from '../purchase/use-purchase';
import { PAGE_SIZE } from './case-list';

const CONCURRENCY = 4;
/** The gateway's largest window, in cases. */
const MAX_WINDOW = 100;

/** One page of a company's list. */
export interface PageRequest {
  readonly searchKey: string;
  readonly offset: number;
}

interface Freshness {
  /** Seconds: older pages are bought anew. */
  readonly maxAge?: number | undefined;
}

interface Window {
  readonly first: number;
  readonly offset: number;
}

/** The fewest windows that hold the pages at these offsets, which are in ascending order, and no other page. */
function windowsOf(offsets: readonly number[]): Window[] {
  const windows: Window[] = [];
  for (const offset of offsets) {
    const last = windows.at(-1);
    if (last && last.offset + last.first === offset && last.first < MAX_WINDOW) {
      windows[windows.length - 1] = { ...last, first: last.first + PAGE_SIZE };
    } else windows.push({ first: PAGE_SIZE, offset });
  }
  return windows;
}

/** What pages of one company may bill together. */
export async function pricePages(
  searchKey: string,
  offsets: readonly number[],
  options: Freshness & { readonly signal: AbortSignal },
): Promise<Estimate> {
  let total = FREE;
  await inTurns(windowsOf(offsets), CONCURRENCY, async (window) => {
    const estimate = await priceOf(PAGE, { searchKey, ...window }, options);
    total = addEstimates(total, estimate);
  });
  return total;
}

/**
 * Buys pages, each by an operation that buys one answer at most.
 *
 * @throws Stopped at the first problem that the next page would meet too
 */
export async function buyPages(
  requests: readonly PageRequest[],
  { signal, allowance, report }: Run,
  onAnswer: (request: PageRequest, answer: Answer<PageQuery>) => void,
  { maxAge }: Freshness = {},
): Promise<void> {
  let done = 0;
  report(0, requests.length);
  await inTurns(requests, CONCURRENCY, async (request) => {
    const answer = await allowance.spend(1, (limit) =>
      ask(PAGE, { ...request, first: PAGE_SIZE }, { limit, maxAge, signal }),
    );
    onAnswer(request, answer);
    stopUnlessLocal(answer.problems);
    done += 1;
    report(done, requests.length);
  });
}
