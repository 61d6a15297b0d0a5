import { describeWorkbench } from '../../support/workbench.js';

describeWorkbench('the workbench, about spending', (open) => {
  it('shows today and this month, by user and by day, against the budgets', async () => {
    const { page, gateway, inspect, search } = await open({
      env: { BUDGET_PER_DAY: '50', BUDGET_PER_MONTH: '400' },
    });
    await page.getByRole('link', { name: '用量与预算' }).click();
    await page.getByText('本月还没有用量。').waitFor();
    expect(await inspect('spending-empty')).toEqual([]);
    await gateway.query('{ company(searchKey: "sandbox:rows:60") { endCases(first: 60) { nodes { id } } } }');
    await page.getByRole('link', { name: '查公司' }).click();
    await search('sandbox:rows:20');
    await page.getByText('共 20 件终本案件').waitFor();
    await page.getByRole('link', { name: '用量与预算' }).click();
    const today = page.getByRole('region', { name: '今日' });
    await today.getByText('¥1.20').waitFor();
    expect(await today.textContent()).toContain('预算 50 次，已用 4 次 · 剩余 46 次');
    expect(await page.getByRole('region', { name: '本月', exact: true }).textContent()).toContain(
      '剩余 396 次',
    );
    expect(await page.getByRole('row', { name: /anonymous/ }).textContent()).toBe('anonymous44¥1.20');
    expect(await inspect('spending')).toEqual([]);
  });

  it('says that it may not show the budgets, in English, on a phone', async () => {
    const { page, inspect } = await open({
      env: { ADMIN_PORT: '0' },
      context: { locale: 'en-GB', viewport: { width: 390, height: 844 } },
    });
    await page.getByRole('link', { name: 'Spending' }).click();
    await page.getByText('This page may not see the budget').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await inspect('phone-spending')).toEqual([]);
  });
});
