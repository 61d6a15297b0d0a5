import { withFirstPage } from '../company/case-list';
import { ask } from '../graph/ask';
import { COMPANIES } from '../graph/operations';
import { addEstimates, type Estimate, FREE } from '../money/estimate';
import { priceOf } from '../purchase/price';
import { stopUnlessLocal } from '../purchase/stopped';
import type { Job, Run } from '../purchase/use-purchase';
import { checkList, chunksOf } from './check-list';
import { addResults, portfolio, type Result, setChecked, setHeld } from './portfolio';
import type { Listed } from './read-list';

/** Companies in one dry run, in one purchase, and in one operation that buys nothing. */
const PRICED_AT_ONCE = 100;
const BOUGHT_AT_ONCE = 10;
const HELD_AT_ONCE = 50;

/** Page 1 of each company of a list: what is valid, what the gateway has, what it costs; then the purchase. */
export function screenJob(title: string, listed: readonly Listed[]): Job {
  return {
    title,
    async price(signal) {
      const checked = await checkList(listed, signal);
      setChecked(checked);
      const held = new Set<string>();
      let total = FREE;
      for (const chunk of chunksOf(checked.companies, PRICED_AT_ONCE)) {
        total = addEstimates(total, await priceAndSort(chunk, held, signal));
      }
      setHeld(held);
      return total;
    },
    run: buyFirstPages,
  };
}

/** Prices companies together, and in halves for as long as some of them are held and some are not. */
async function priceAndSort(
  searchKeys: readonly string[],
  held: Set<string>,
  signal: AbortSignal,
): Promise<Estimate> {
  const estimate = await priceOf(COMPANIES, { searchKeys: [...searchKeys] }, { signal });
  if (estimate.max === 0) for (const key of searchKeys) held.add(key);
  if (estimate.max === 0 || estimate.min >= searchKeys.length || searchKeys.length === 1) return estimate;
  const middle = Math.ceil(searchKeys.length / 2);
  const halves = [searchKeys.slice(0, middle), searchKeys.slice(middle)];
  const [first = FREE, second = FREE] = await Promise.all(
    halves.map((half) => priceAndSort(half, held, signal)),
  );
  return addEstimates(first, second);
}

/** Shows what is held, then buys the rest as far as the allowance goes. */
async function buyFirstPages(run: Run): Promise<void> {
  const { checked, held = new Set(), results } = portfolio.get();
  const all = (checked?.companies ?? []).filter((key) => !results.get(key)?.list);
  const toBuy = all.filter((key) => !held.has(key));
  let done = 0;
  const report = (count: number) => {
    done += count;
    run.report(done, all.length);
  };
  report(0);
  for (const chunk of chunksOf(
    all.filter((key) => held.has(key)),
    HELD_AT_ONCE,
  )) {
    // What expired since the price was asked is bought with the rest.
    if (await buyChunk(chunk, 0, run)) report(chunk.length);
    else toBuy.push(...chunk);
  }
  for (let next = 0; next < toBuy.length && run.allowance.left > 0; ) {
    const chunk = toBuy.slice(next, next + Math.min(BOUGHT_AT_ONCE, run.allowance.left));
    await buyChunk(chunk, chunk.length, run);
    next += chunk.length;
    report(chunk.length);
  }
}

/**
 * @returns false if the gateway refused the operation because it needs more than `wanted` answers, here none
 * @throws Stopped at a problem that the next companies would meet too
 */
async function buyChunk(
  searchKeys: readonly string[],
  wanted: number,
  { allowance, signal }: Run,
): Promise<boolean> {
  const { data, problems } = await allowance.spend(wanted, (limit) =>
    ask(COMPANIES, { searchKeys: [...searchKeys] }, { limit, signal }),
  );
  if (wanted === 0 && problems.some(({ code }) => code === 'COST_LIMIT_EXCEEDED')) return false;
  const found = searchKeys.map((key, index): [string, Result] => {
    const list = withFirstPage(data?.companies[index]);
    return [key, { list, problems: problems.filter(({ path }) => path[1] === index) }];
  });
  addResults(found.filter(([, { list, problems }]) => list || problems.length > 0));
  stopUnlessLocal(problems);
  return true;
}
