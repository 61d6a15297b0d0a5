import fc from 'fast-check';
import { QueryError } from '../../../src/graphql/errors.js';
import { writeCursor } from '../../../src/graphql/paging/cursor.js';
import type { Slice } from '../../../src/graphql/paging/list.js';
import { PageLoader } from '../../../src/graphql/paging/page-loader.js';
import { pagesOf } from '../../../src/graphql/paging/page-plan.js';
import type { PageSource } from '../../../src/graphql/paging/page-source.js';
import { readWindow, type WindowArguments } from '../../../src/graphql/paging/window.js';
import type { CasePage, CaseRow } from '../../../src/qcc/cases.js';

const KEY = '某某公司';

const row = (index: number): CaseRow => ({
  id: `case ${index}`,
  caseNo: null,
  court: null,
  filingDate: null,
  endDate: null,
  enforcementAmount: null,
  unperformedAmount: null,
});

/** A list as QCC pages it. @param countsPastEnd whether pages past its end still give its length */
function upstream(length: number, countsPastEnd = true) {
  const bought: number[] = [];
  const getPage = async (_key: string, page: number): Promise<CasePage> => {
    bought.push(page);
    const count = Math.max(0, Math.min(20, length - (page - 1) * 20));
    const rows = Array.from({ length: count }, (_, index) => row((page - 1) * 20 + index));
    const hasTotal = rows.length > 0 || page === 1 || countsPastEnd;
    return {
      page,
      rows,
      total: hasTotal ? length : null,
      verified: rows.length > 0 || page === 1 ? length > 0 : null,
    };
  };
  return { bought, getPage };
}

/** Pages for a loader that has nothing in its cache. */
const sourceOf = (getPage: (key: string, page: number) => Promise<CasePage>): PageSource => ({
  page: async (key, page) => ({
    data: await getPage(key, page),
    status: '200',
    orderNumber: null,
    receivedAt: 0,
  }),
  summary: async () => undefined,
  onSummaryHit: () => undefined,
});

const ids = (slice: Slice) => slice.rows.map((placed) => placed.row.id);
const demand = (args: WindowArguments, total = false) => ({
  window: readWindow(args, KEY),
  rows: true,
  total,
  verified: false,
});
const cursor = (offset: number) => writeCursor(KEY, { offset, caseId: `case ${offset}` });

/** The result of the Relay specification's algorithm on the whole list. */
function expected(
  length: number,
  { first, after, last, before, offset }: Record<string, number | undefined>,
) {
  let edges = Array.from({ length: Math.min(length, 5000) }, (_, index) => index);
  if (after !== undefined) edges = edges.filter((edge) => edge > after);
  if (offset !== undefined) edges = edges.filter((edge) => edge >= offset);
  if (before !== undefined) edges = edges.filter((edge) => edge < before);
  if (last !== undefined) return last === 0 ? [] : edges.slice(-last);
  return edges.slice(0, first ?? 10);
}

const offset = fc.integer({ min: 0, max: 300 });
const size = fc.integer({ min: 0, max: 100 });
const anyWindow = fc.oneof(
  fc.record({ first: size }),
  fc.record({ last: size }),
  fc.record({ first: size, offset }),
  fc.record({ first: size, after: offset }),
  fc.record({ last: size, before: offset }),
  fc.record({ first: size, after: offset, before: offset }),
  fc.record({ last: size, after: offset, before: offset }),
  fc.record({ last: size, after: offset }),
  fc.record({ after: offset }),
);
const argumentsOf = (window: Record<string, number | undefined>): WindowArguments => ({
  ...window,
  after: window.after === undefined ? null : cursor(window.after),
  before: window.before === undefined ? null : cursor(window.before),
});

describe('a window', () => {
  it('has the rows of the Relay algorithm, from as few pages as possible', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(400), anyWindow, fc.boolean(), async (length, window, countsPastEnd) => {
        const { bought, getPage } = upstream(length, countsPastEnd);
        const slice = await new PageLoader(sourceOf(getPage)).load(KEY, demand(argumentsOf(window)));
        const want = expected(length, window);
        expect(ids(slice)).toEqual(want.map((index) => `case ${index}`));
        expect(new Set(bought).size).toBe(bought.length);
        const [from = 0, to = -1] = [want[0], want.at(-1)];
        const needed = new Set(pagesOf({ from, to: to + 1 }));
        const extra = bought.filter((page) => !needed.has(page));
        // A page without a selected row: the window is empty, or the end of the list had to be found.
        expect(extra.length).toBeLessThanOrEqual('last' in window && !countsPastEnd ? 2 : 1);
        if (want.length > 0 && !('last' in window)) expect(extra).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('buys its first page, then the others together', async () => {
    const { bought, getPage } = upstream(99);
    const rounds: number[][] = [];
    const loader = new PageLoader(
      sourceOf(async (key, page) => {
        const round = rounds.at(-1);
        if (bought.length === 0 || !round) rounds.push([page]);
        else if (rounds.length === 1) rounds.push([page]);
        else round.push(page);
        return getPage(key, page);
      }),
    );
    await loader.load(KEY, demand({ first: 100, offset: 25 }));
    expect(rounds).toEqual([[2], [3, 4, 5]]);
  });

  it('shares one plan with every window requested in the same tick', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(400),
        fc.array(anyWindow, { minLength: 2, maxLength: 5 }),
        async (length, windows) => {
          const { bought, getPage } = upstream(length);
          const loader = new PageLoader(sourceOf(getPage));
          const slices = await Promise.all(
            windows.map((window) => loader.load(KEY, demand(argumentsOf(window), true))),
          );
          for (const [index, slice] of slices.entries()) {
            const window = windows[index] ?? {};
            expect(ids(slice)).toEqual(expected(length, window).map((row) => `case ${row}`));
            expect(slice.total).toBe(length);
          }
          expect(new Set(bought).size).toBe(bought.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('buys page 1 for a length or a VerifyResult only where no other page gives it', async () => {
    const { bought, getPage } = upstream(99);
    const loader = new PageLoader(sourceOf(getPage));
    const lone = { window: null, rows: false, total: false, verified: true };
    const [page, flag] = await Promise.all([
      loader.load(KEY, demand({ first: 10, offset: 60 }, true)),
      loader.load(KEY, lone),
    ]);
    expect([bought, page.total, flag.verified]).toEqual([[4], 99, true]);
    const alone = upstream(0);
    expect((await new PageLoader(sourceOf(alone.getPage)).load(KEY, lone)).verified).toBe(false);
    expect(alone.bought).toEqual([1]);
  });

  it('buys nothing for no rows', async () => {
    const { bought, getPage } = upstream(99);
    expect(ids(await new PageLoader(sourceOf(getPage)).load(KEY, demand({ first: 0 })))).toEqual([]);
    expect(bought).toEqual([]);
  });

  it('fails without the others when its page fails, and that page is not bought again', async () => {
    const { bought, getPage } = upstream(99);
    const loader = new PageLoader(
      sourceOf(async (key, page) => {
        const got = await getPage(key, page);
        if (page === 3) throw new Error('page 3 failed');
        return got;
      }),
    );
    const load = (args: WindowArguments) => loader.load(KEY, demand(args)).then(ids, String);
    const [good, bad, again] = await Promise.all([
      load({ first: 20 }),
      load({ first: 5, offset: 45 }),
      load({ first: 1, offset: 50 }),
    ]);
    expect(good).toHaveLength(20);
    expect([bad, again]).toEqual(['Error: page 3 failed', 'Error: page 3 failed']);
    expect(await load({ first: 1, offset: 41 })).toBe('Error: page 3 failed');
    expect(bought).toEqual([1, 3]);
  });
});

describe('paging through a list', () => {
  it('yields every case once and in order, with any page size, forward and back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(250),
        fc.integer({ min: 1, max: 100 }),
        fc.boolean(),
        async (length, step, forward) => {
          const { getPage } = upstream(length);
          const seen: string[] = [];
          let at: string | null = null;
          for (;;) {
            const args: WindowArguments = forward ? { first: step, after: at } : { last: step, before: at };
            const slice: Slice = await new PageLoader(sourceOf(getPage)).load(KEY, demand(args, true));
            if (slice.rows.length === 0) break;
            if (forward) seen.push(...ids(slice));
            else seen.unshift(...ids(slice));
            const edge = forward ? slice.rows.at(-1) : slice.rows[0];
            at = edge ? writeCursor(KEY, { offset: edge.offset, caseId: edge.row.id }) : null;
          }
          expect(seen).toEqual(Array.from({ length }, (_, index) => `case ${index}`));
        },
      ),
    );
  });

  it('yields no case twice when the list grows above the cursor', async () => {
    const before = upstream(30);
    const seen = ids(await new PageLoader(sourceOf(before.getPage)).load(KEY, demand({ first: 10 })));
    const grown: PageLoader = new PageLoader(
      sourceOf(async (key, page) => {
        const { rows, ...rest } = await before.getPage(key, page);
        const pushed = page === 1 ? [{ ...row(0), id: 'new case' }, ...rows.slice(0, 19)] : rows;
        return { ...rest, rows: pushed };
      }),
    );
    seen.push(...ids(await grown.load(KEY, demand({ first: 10, after: cursor(9) }))));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain('case 10');
  });
});

describe('bad arguments', () => {
  const foreign = writeCursor('别的公司', { offset: 3, caseId: 'x' });
  it.each<[WindowArguments, RegExp]>([
    [{ first: -1 }, /from 0 to 100/],
    [{ first: 101 }, /from 0 to 100/],
    [{ last: 101 }, /from 0 to 100/],
    [{ first: 1, last: 1 }, /not both/],
    [{ offset: 1, after: cursor(3) }, /not both/],
    [{ offset: -1 }, /0 or more/],
    [{ after: '' }, /not a cursor/],
    [{ before: foreign }, /not a cursor/],
    [{ after: `${cursor(3)}=` }, /not a cursor/],
  ])('%j are refused', (args, message) => {
    expect(() => readWindow(args, KEY)).toThrow(message);
  });

  it('include windows past row 5,000, where QCC stops paging', async () => {
    expect(() => readWindow({ offset: 5000 }, KEY)).toThrow(QueryError);
    expect(() => readWindow({ after: cursor(4999) }, KEY)).toThrow(/paging ends at row 5000/);
    const { bought, getPage } = upstream(8000);
    const load = (args: WindowArguments) => new PageLoader(sourceOf(getPage)).load(KEY, demand(args));
    expect(ids(await load({ first: 100, offset: 4995 }))).toHaveLength(5);
    expect(ids(await load({ last: 1 }))).toEqual(['case 4999']);
    expect(bought).toEqual([250, 1, 250]);
  });
});
