import { readFileSync } from 'node:fs';
import { waitUntil } from '../../support/wait-until.js';
import { describeWorkbench, keepArtifact } from '../../support/workbench.js';

const SAMPLE = '浙江省临海标准件工业公司';
const FIRST = '(2018)浙1082执2303号';
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

describeWorkbench('the workbench, for one company', (open) => {
  it('buys a page when the reader searches, and a detail at the price that it shows, by keyboard', async () => {
    const { page, gateway, inspect } = await open();
    const calls = () => gateway.sandbox.statistics.total.calls;
    expect(await inspect('start')).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('跳到正文');
    await page.getByRole('searchbox').focus();
    await page.keyboard.type(SAMPLE);
    await page.keyboard.press('Enter');
    const row = page.getByRole('button', { name: FIRST });
    await row.waitFor();
    expect(calls()).toBe(1);
    await row.focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('button', { name: '查看被执行人和证件号（1 次计费 · ¥1.20）' });
    await detail.focus();
    expect(calls()).toBe(1);
    // The exact amount needs no pointer.
    expect(await page.getByText('¥562,781', { exact: true }).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText('14796919-0').waitFor();
    expect(calls()).toBe(2);
    expect(await page.getByLabel('打开页面以来的费用').textContent()).toContain('¥1.50 · 计费 2 次');
    expect(await page.getByText(/订单号 ENDEXECUTECASECHECK\d+/).count()).toBeGreaterThan(3);
    expect(await inspect('company')).toEqual([]);
  });

  it('loads all cases at their price, filters and sums them exactly, and exports them', async () => {
    const { page, gateway, search, inspect } = await open();
    await search(SAMPLE);
    await page.getByRole('button', { name: '载入全部案件' }).click();
    await page.getByText('最多 4 次计费，合 ¥1.20。').waitFor();
    expect(await inspect('company-price')).toEqual([]);
    expect(gateway.sandbox.statistics.total.calls).toBe(1);
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('已完成。').waitFor();
    expect(gateway.sandbox.statistics.total.calls).toBe(5);
    await page.getByText('元（精确）', { exact: true }).click();
    await page.getByLabel('执行法院', { exact: true }).selectOption('临海市人民法院');
    await page.getByRole('button', { name: '未履行金额（元）' }).click();
    const sums = await page.locator('.sums dd').allTextContents();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出 CSV' }).click();
    const [head = '', ...rows] = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(head.startsWith('\ufeff查询词,案号,执行法院,')).toBe(true);
    expect(sums[0]).toBe(`${rows.length}${rows.length} 件，共 99 件`);
    const fen = rows.map((row) => Math.round(Number(row.split(',')[6]) * 100));
    const sum = fen.reduce((total, amount) => total + amount, 0) / 100;
    expect(Number(sums[2]?.replaceAll(',', ''))).toBe(sum);
    expect(fen).toEqual(fen.toSorted((a, b) => b - a));
    expect(rows.every((row) => /临海市人民法院.*ENDEXECUTECASECHECK\d+/.test(row))).toBe(true);
    await page.locator('figure summary').first().click();
    expect(await inspect('company-filtered')).toEqual([]);
  });

  it('stops buying when the reader leaves for another company', async () => {
    const { page, gateway, search, network } = await open({ latency: 30 });
    await search('sandbox:rows:4321');
    await page.getByRole('button', { name: '载入全部案件' }).click();
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText(/已完成 [1-9]\d? \/ 216/).waitFor();
    await search(SAMPLE);
    await page.getByRole('button', { name: FIRST }).waitFor();
    const left = network.findIndex((line) => line.startsWith('sent') && line.includes(SAMPLE));
    const boughtFor = () =>
      gateway.sandbox.statistics.log.filter(({ parameters }) => parameters.searchKey === 'sandbox:rows:4321');
    // Stopping the gateway ends every call that it still makes.
    await gateway.stop();
    const later = network.slice(left).filter((line) => line.startsWith('sent'));
    expect(later.filter((line) => line.includes('sandbox:rows:4321'))).toEqual([]);
    const sent = network.filter((line) => line.startsWith('sent Page') && line.includes('"first":20'));
    expect(boughtFor().length).toBeLessThanOrEqual(sent.length);
    expect(boughtFor().length).toBeLessThan(150);
    expect(network.some((line) => line.startsWith('aborted'))).toBe(true);
    keepArtifact('web-cancelled-load.txt', `${network.join('\n')}\n`);
  });

  it('stops when the reader cancels, and buys at most the limit that the reader sets', async () => {
    const { page, gateway, search, inspect } = await open({ latency: 30 });
    await search('sandbox:rows:2000');
    await page.getByRole('button', { name: '载入全部案件' }).click();
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText(/已完成 [1-9]\d? \/ 99/).waitFor();
    expect(await inspect('company-progress')).toEqual([]);
    await page.getByRole('button', { name: '停止' }).click();
    await page.getByText('已停止，没有再发出请求。').waitFor();
    expect(await inspect('company-cancelled')).toEqual([]);
    await page.getByRole('button', { name: '关闭' }).click();
    await search(SAMPLE);
    await page.getByRole('button', { name: '载入全部案件' }).click();
    await page.getByLabel('最多计费次数').fill('2');
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByRole('alert').getByText('已达到计费上限').waitFor();
    expect(await inspect('company-limit')).toEqual([]);
    const bought = gateway.sandbox.statistics.log.filter((call) => call.parameters.searchKey === SAMPLE);
    expect(bought).toHaveLength(3);
  });

  it('has an address for each company: a reload and Back buy nothing, and what expired has a price', async () => {
    const { page, gateway, search, inspect } = await open({
      env: { CACHE_LIST_TTL: '1ms', CACHE_STALE_TTL: '1ms', CACHE_RESPONSES: '0' },
    });
    await search(SAMPLE);
    await page.getByRole('button', { name: FIRST }).waitFor();
    expect(gateway.sandbox.statistics.total.calls).toBe(1);
    await page.reload();
    await page.getByRole('button', { name: '查询（1 次计费 · ¥0.30）' }).waitFor();
    expect(await inspect('company-not-held')).toEqual([]);
    await search('sandbox:rows:0');
    await page.getByText('没有查到终本案件。').waitFor();
    expect(await inspect('company-none')).toEqual([]);
    await page.goBack();
    await page.getByRole('button', { name: '查询（1 次计费 · ¥0.30）' }).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe(SAMPLE);
    expect(gateway.sandbox.statistics.total.calls).toBe(2);
  });

  it('refreshes at a price', async () => {
    const { page, gateway, search } = await open();
    await search(SAMPLE);
    await page.getByRole('button', { name: '刷新数据' }).click();
    await page.getByText('最多 1 次计费，合 ¥0.30。').waitFor();
    expect(gateway.sandbox.statistics.total.calls).toBe(1);
    await page.getByRole('button', { name: '确认并载入' }).click();
    await page.getByText('已完成。').waitFor();
    expect(gateway.sandbox.statistics.total.calls).toBe(2);
  });

  it('counts cases without a date or an amount, and shows what cannot be read, in English, on a phone', async () => {
    const { page, search, inspect } = await open({ context: { ...PHONE, locale: 'en-GB' } });
    await search('sandbox:odd-values');
    await page.getByText('Some values cannot be read').waitFor();
    expect(await page.getByText(/As QCC sent it: .*约三百万元/).isVisible()).toBe(true);
    expect(await page.getByText('No date given').count()).toBeGreaterThan(0);
    expect(await page.getByText(/\d without an amount, not in the sum/).count()).toBe(2);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await inspect('phone-odd')).toEqual([]);
    await search(SAMPLE);
    await page.getByRole('button', { name: FIRST }).tap();
    await page.getByText('¥562,781', { exact: true }).waitFor();
    expect(await inspect('phone-company')).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: '中文' }).click();
    await waitUntil(() => page.getByText('按公司名查询').isVisible());
  });
});
