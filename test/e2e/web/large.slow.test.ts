import { describeWorkbench } from '../../support/workbench.js';

describeWorkbench('the workbench, with much to show', (open) => {
  it('says at case 5,000 why it ends', async () => {
    const { page, search, inspect } = await open({ env: { MAX_CALLS_PER_OPERATION: '250' } });
    await search('sandbox:rows:5100');
    await page.getByRole('button', { name: '载入全部案件' }).click();
    await page.getByText('最多 249 次计费，合 ¥74.70。').waitFor();
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('企查查最多提供前 5,000 件，这家公司共有 5,100 件。').waitFor();
    await page.getByText('5,000 件，共 5,100 件').first().waitFor();
    expect(await inspect('company-5000')).toEqual([]);
  });

  it('shows 500 companies, and sorts them', async () => {
    const { page, inspect } = await open();
    const names = Array.from({ length: 500 }, (_, index) => `杭州恒通第${index + 1}贸易有限公司`);
    await page.getByRole('link', { name: '批量排查' }).click();
    await page.getByRole('textbox').fill(names.join('\n'));
    await page.getByRole('button', { name: '核对名单和费用' }).click();
    await page.getByText('最多 500 次计费，合 ¥150.00。').waitFor();
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('已完成。 本次已计费 500 次').waitFor();
    const table = page.getByRole('table', { name: '排查结果' });
    await table.locator('tbody tr').nth(499).waitFor();
    await page.getByRole('button', { name: /^未履行合计/ }).click();
    const sums = await table.locator('td:nth-child(5)').allTextContents();
    const amounts = sums.map((sum) => Number(sum.replaceAll(/[≥ ,]/g, '').replace('—', '0')));
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
    expect(await inspect('portfolio-500')).toEqual([]);
  });
});
