import type { Browser, Page } from 'playwright-core';
import { CHROMIUM, startChromium } from '../../support/chromium.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { requires } from '../../support/requirement.js';
import { serveWeb, WEB } from '../../support/web.js';

const SAMPLE = '浙江省临海标准件工业公司';
const PRICES = { QCC_PRICE_GETLIST: '0.30', QCC_PRICE_GETDETAIL: '1.20' };

requires(WEB, CHROMIUM).describe('the example page', () => {
  let browser: Browser;
  let gateway: TestGateway;
  let page: Page;
  const scriptErrors: string[] = [];

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  const open = async (
    env: Record<string, string> = {},
    size = { width: 1280, height: 900 },
    locale = 'zh-CN',
  ) => {
    gateway = closeAfterTest(await startTestGateway({ env: { ...PRICES, ...env } }));
    const web = closeAfterTest(await serveWeb(gateway.url));
    page = closeAfterTest(await browser.newPage({ viewport: size, locale }));
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => scriptErrors.push(error.message));
    await page.goto(web.url);
  };
  const search = async (key: string) => {
    await page.getByRole('searchbox').fill(key);
    await page.keyboard.press('Enter');
  };
  const shoot = async (name: string) => {
    if (process.env.ARTIFACTS) {
      await page.screenshot({ path: `${process.env.ARTIFACTS}/web-${name}.png`, fullPage: true });
    }
  };
  const calls = () => gateway.sandbox.statistics.total.calls;

  it('shows a page of cases, buys a detail when its row is opened, and shows the cost', async () => {
    await open();
    await shoot('start');
    await search(SAMPLE);
    await page.getByRole('button', { name: '(2018)浙1082执2303号' }).waitFor();
    expect(await page.getByText('按公司名查询').isVisible()).toBe(true);
    expect(await page.getByText('第 1 / 5 页').isVisible()).toBe(true);
    expect(calls()).toBe(1);
    expect(await page.getByText('数据截至').first().textContent()).toMatch(/订单号：ENDEXECUTECASECHECK\d+$/);
    const amount = page.locator('.amount').first();
    expect([await amount.textContent(), await amount.getAttribute('title')]).toEqual(['100', '¥1,000,000']);
    // By keyboard alone.
    await page.getByRole('button', { name: '(2018)浙1082执2303号' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('14796919-0').waitFor();
    expect(calls()).toBe(2);
    expect(await page.getByLabel('本页费用').textContent()).toContain('¥1.50 · 计费 2 次');
    await shoot('desktop');
    await page.getByRole('button', { name: '下一页' }).click();
    await page.getByText('第 2 / 5 页').waitFor();
    await page.getByRole('button', { name: /载入其余/ }).click();
    await page.getByText('已载入 99 / 99 件').waitFor();
    expect(calls()).toBe(6);
    expect(scriptErrors).toEqual([]);
  });

  it('shows the kind of a search key, in English too, on a phone', async () => {
    await open({}, { width: 390, height: 844 }, 'en-GB');
    await search('7629d57f18b20b1927ea4ee5366bfde3');
    await page.getByText('searched by KeyNo').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: '(2018)浙1082执2303号' }).click();
    await page.getByText('14796919-0').waitFor();
    await shoot('phone');
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.getByText('按 KeyNo 查询').isVisible()).toBe(true);
  });

  it('reports an empty list, a partial failure, a spent budget and an unreachable gateway', async () => {
    await open({ BUDGET_PER_DAY: '3' });
    await search('sandbox:rows:0');
    await page.getByText('没有终本案件。').waitFor();
    await shoot('empty');
    await search('sandbox:details:status:208');
    await page.getByRole('button', { expanded: false }).nth(1).click();
    await page.getByRole('alert').getByText('部分数据无法读取').waitFor();
    await shoot('partial');
    await search(SAMPLE);
    await page.getByRole('alert').getByText('今日预算已用完').waitFor();
    await shoot('budget');
    await page.context().setOffline(true);
    await search('别的公司');
    await page.getByRole('alert').getByText('无法连接网关').waitFor();
    await shoot('offline');
  });
});
