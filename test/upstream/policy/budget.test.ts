import { EmbeddedStore } from '../../../src/store/embedded/embedded-store.js';
import { Budget } from '../../../src/upstream/policy/budget.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('a budget', () => {
  it('reads its own two counters only, however many clients have spent', async () => {
    const { counters } = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
    const read = jest.spyOn(counters, 'read');
    const readAll = jest.spyOn(counters, 'readAll');
    const limits = { perDay: 9, perClientPerDay: 2 };
    const budget = new Budget(counters, limits, Date.now, () => undefined);
    for (const client of ['a', 'b', 'c']) await budget.reserve(client);
    await budget.assertWithinBudget(1, 'a');
    await expect(budget.assertWithinBudget(2, 'a')).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
    expect(await budget.leftToday()).toBe(6);
    expect(read.mock.calls.map(([, fields]) => fields)).toEqual([
      ['all', 'client a'],
      ['all', 'client a'],
      ['all'],
    ]);
    expect(readAll).not.toHaveBeenCalled();
  });
});
