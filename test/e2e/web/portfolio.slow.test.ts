import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { encodeGbk } from '../../support/gbk.js';
import { describeWorkbench } from '../../support/workbench.js';

const SAMPLE = '浙江省临海标准件工业公司';
const named = (count: number) =>
  Array.from({ length: count }, (_, index) => `杭州恒通第${index + 1}贸易有限公司`);

async function check(page: Page, list: string) {
  await page.getByRole('link', { name: '批量排查' }).click();
  await page.getByRole('textbox').fill(list);
  await page.getByRole('button', { name: '核对名单和费用' }).click();
}

async function exportOf(page: Page): Promise<string[][]> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  expect(text.startsWith('\ufeff名单中的行,名单原文,')).toBe(true);
  return text
    .trimEnd()
    .split('\r\n')
    .map((row) => row.split(','));
}

describeWorkbench('the workbench, for many companies', (open) => {
  it('leads from a pasted list of 30 names to an export', async () => {
    const { page, gateway, inspect } = await open();
    const calls = () => gateway.sandbox.statistics.total.calls;
    // A risk officer's list: one held already, one twice, one mistyped, one too short, one a formula.
    await gateway.query(`{ company(searchKey: "${SAMPLE}") { endCases(first: 20) { totalCount } } }`);
    const list = [...named(25), SAMPLE, named(1)[0], '91330100799655058C', '甲', '=1+1 贸易公司'];
    await check(page, list.join('\n'));
    await page.getByText('最多 26 次计费，合 ¥7.80。').waitFor();
    expect(calls()).toBe(1);
    const figures = await page.getByLabel('核对结果').locator('dd').allTextContents();
    expect(figures).toEqual(['30', '27', '1', '2', '1', '26']);
    expect(await page.getByText('统一社会信用代码的校验位不符').isVisible()).toBe(true);
    expect(await inspect('portfolio-price')).toEqual([]);
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('已完成。 本次已计费 26 次').waitFor();
    expect(calls()).toBe(27);
    expect(await inspect('portfolio')).toEqual([]);

    const rows = await exportOf(page);
    expect(rows).toHaveLength(31);
    expect(rows[26]?.slice(0, 6)).toEqual(['26', SAMPLE, SAMPLE, '有终本案件', '99', '20']);
    expect(rows[27]?.slice(1)).toEqual(rows[1]?.slice(1));
    expect(rows[28]?.slice(1, 4)).toEqual(['91330100799655058C', '', '无法识别']);
    expect(rows[30]?.[1]).toBe("'=1+1 贸易公司");

    await page.getByRole('button', { name: '案件数' }).click();
    const counts = await page
      .getByRole('table', { name: '排查结果' })
      .locator('td:nth-child(3)')
      .allTextContents();
    expect(counts.map(Number)).toEqual(counts.map(Number).toSorted((a, b) => b - a));

    await page.getByRole('button', { name: '补全金额合计' }).click();
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('已完成。').waitFor();
    await page.getByText('金额只含已载入的部分').waitFor({ state: 'hidden' });
    const complete = await exportOf(page);
    expect(complete.slice(1).filter((row) => row[6] === '否')).toEqual([]);
    expect(complete[26]?.slice(4, 7)).toEqual(['99', '99', '是']);

    // A company opens at no cost, and Back finds the list as it was.
    const before = calls();
    await page.getByRole('link', { name: SAMPLE }).click();
    await page.getByText('共 99 件终本案件').waitFor();
    await page.goBack();
    await page.getByRole('table', { name: '排查结果' }).waitFor();
    expect(calls()).toBe(before);
  });

  it('reads a GBK file from Excel, keeps to the limit, and stops when the reader cancels', async () => {
    const { page, gateway, inspect } = await open({
      latency: 40,
      context: { viewport: { width: 390, height: 844 } },
    });
    await page.getByRole('link', { name: '批量排查' }).click();
    expect(await inspect('phone-portfolio-start')).toEqual([]);
    const csv = ['客户经理,企业名称', ...named(30).map((name) => `张三,"${name}"`)].join('\r\n');
    await page.getByLabel('选择文件').setInputFiles({
      name: 'list.csv',
      mimeType: 'text/csv',
      buffer: encodeGbk(csv),
    });
    expect(await page.getByLabel('使用哪一列').inputValue()).toBe('1');
    await page.getByRole('button', { name: '核对名单和费用' }).click();
    await page.getByLabel('最多计费次数').fill('12');
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('18 家公司因达到计费上限或中途停止而未查询。').waitFor();
    expect(gateway.sandbox.statistics.total.calls).toBe(12);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await inspect('phone-portfolio')).toEqual([]);
  });

  it('buys nothing more once the reader has left', async () => {
    const { page, gateway, network } = await open({ latency: 40 });
    await check(page, named(300).join('\n'));
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText(/已完成 [1-9]0 \/ 300/).waitFor();
    await page.getByRole('link', { name: '用量与预算' }).click();
    await page.getByText('按使用者（本月）').first().waitFor();
    const left = network.findIndex((line) => line.startsWith('sent Spending'));
    await gateway.stop();
    expect(network.slice(left).filter((line) => line.startsWith('sent Companies'))).toEqual([]);
    expect(gateway.sandbox.statistics.total.calls).toBeLessThan(150);
  });
});
