import { CompanyCases, unread } from '../../../src/screen/ask/company-result.js';
import type { CaseWindow, EndCase } from '../../../src/screen/ask/documents.js';

const oneCase = (id: string, amount: string | null, endDate: string | null): EndCase => ({
  id,
  caseNo: null,
  court: null,
  filingDate: null,
  endDate,
  enforcementAmount: amount,
  unperformedAmount: amount,
});
const windowOf = (
  totalCount: number,
  nodes: readonly EndCase[],
  rest: Partial<CaseWindow> = {},
): CaseWindow => ({
  totalCount,
  retrievedAt: '2026-11-25T02:00:00.000Z',
  stale: false,
  orderNumbers: ['B'],
  nodes: [...nodes],
  ...rest,
});

describe('the result for a company', () => {
  it('has exact sums, the newest end date and the oldest retrieval of all windows', () => {
    const company = new CompanyCases();
    company.add(windowOf(3, [oneCase('1', '9007199254740993.01', '2024-01-02'), oneCase('2', null, null)]));
    company.add(
      windowOf(3, [oneCase('3', '0.02', '2023-05-06')], {
        retrievedAt: '2026-11-25T01:00:00+00:00',
        stale: true,
        orderNumbers: ['A', 'B'],
      }),
    );
    expect(company.result()).toEqual({
      outcome: 'found',
      cases: 3,
      read: 3,
      complete: true,
      unperformedAmount: '9007199254740993.03',
      enforcementAmount: '9007199254740993.03',
      newestEndDate: '2024-01-02',
      retrievedAt: '2026-11-25T01:00:00+00:00',
      stale: true,
      orderNumbers: ['B', 'A'],
      error: null,
    });
  });

  it('has neither sums nor an end date unless every case was read', () => {
    const company = new CompanyCases();
    company.add(windowOf(2, [oneCase('1', '5', '2024-01-02')]));
    expect(company.result()).toMatchObject({
      outcome: 'found',
      read: 1,
      complete: false,
      unperformedAmount: null,
      enforcementAmount: null,
      newestEndDate: null,
    });
  });

  it('leaves out the sum of a field that holds a value which cannot be read', () => {
    const company = new CompanyCases();
    company.add(windowOf(1, [oneCase('1', null, '2024-01-02')]));
    company.addProblem('UPSTREAM_DATA_INVALID: x', 'unperformedAmount');
    expect(company.result()).toMatchObject({
      outcome: 'found',
      complete: true,
      unperformedAmount: null,
      enforcementAmount: '0',
      error: 'UPSTREAM_DATA_INVALID: x',
    });
  });

  it('counts a case once that moved from one window to the next', () => {
    const company = new CompanyCases();
    company.add(windowOf(2, [oneCase('1', '5', null)]));
    expect(company.add(windowOf(2, [oneCase('1', '5', null), oneCase('2', '6', null)]))).toHaveLength(1);
    expect(company.result()).toMatchObject({ read: 2, unperformedAmount: '11' });
  });

  it('is none without a case, and failed where something did not come', () => {
    const company = new CompanyCases();
    company.add(windowOf(0, []));
    expect(company.result()).toMatchObject({ outcome: 'none', complete: true, unperformedAmount: '0' });
    company.fail('UPSTREAM_TIMEOUT: x');
    expect(company.result()).toMatchObject({ outcome: 'failed', error: 'UPSTREAM_TIMEOUT: x' });
    expect(unread('invalid', 'why')).toMatchObject({ outcome: 'invalid', cases: null, complete: false });
  });
});
