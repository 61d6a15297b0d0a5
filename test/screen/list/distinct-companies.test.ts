import { DistinctCompanies, inBatches, readRow } from '../../../src/screen/list/distinct-companies.js';

describe('the distinct companies of a list', () => {
  it('are one for every spelling in width and case', () => {
    const rows = ['ＡＢＣ公司', 'abc公司', 'M²公司', 'M2公司', 'x'].map((typed) => ({ typed }));
    const companies = new DistinctCompanies(rows);
    expect([...companies].map(({ searchKey }) => searchKey)).toEqual(['ＡＢＣ公司', 'M²公司', 'M2公司']);
    const first = readRow({ typed: 'ABC公司' });
    expect(first.kind === 'company' && companies.rowsOf(first.id)).toBe(2);
    expect(companies.invalidRows).toBe(1);
  });

  it('are invalid where the row is, whatever its cell holds', () => {
    expect(readRow({ typed: 'A公司', fault: 'too many cells' })).toEqual({
      kind: 'invalid',
      typed: 'A公司',
      error: 'too many cells',
    });
  });
});

describe('batches', () => {
  it('have the given size, but for the last', () => {
    expect([...inBatches([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...inBatches([], 2)]).toEqual([]);
  });
});
