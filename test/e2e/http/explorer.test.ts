import type { Browser } from 'playwright-core';
import { SAMPLE } from '../../../src/graphql/server/sample.js';
import { describeWithChromium, startChromium } from '../../support/chromium.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

let setup: TestGateway;
afterEach(() => setup.close());

describe('the explorers', () => {
  it('open with a sample operation, which runs', async () => {
    setup = await startTestGateway();
    const explorer = await fetch(new URL('/explorer', setup.gateway.url));
    expect([explorer.status, explorer.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(explorer.headers.get('content-security-policy')).toContain("default-src 'self'");
    const sandbox = await fetch(setup.gateway.url, { headers: { accept: 'text/html' } });
    expect(await sandbox.text()).toContain('query Cases');
    const { data, errors } = await setup.query(SAMPLE.query, SAMPLE.variables);
    expect([data, errors]).toEqual([expect.any(Object), undefined]);
  });

  it('are off in production, unless INTROSPECTION is on', async () => {
    setup = await startTestGateway({ env: { NODE_ENV: 'production' } });
    expect((await fetch(new URL('/explorer', setup.gateway.url))).status).toBe(404);
    await setup.close();
    setup = await startTestGateway({ env: { NODE_ENV: 'production', INTROSPECTION: 'on' } });
    expect((await fetch(new URL('/explorer', setup.gateway.url))).status).toBe(200);
  });
});

describeWithChromium('the explorer in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  it('runs a query, loads the schema, and sends no request to another host', async () => {
    setup = await startTestGateway();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const origin = new URL(setup.gateway.url).origin;
    const foreignRequests: string[] = [];
    const pageErrors: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) foreignRequests.push(url);
    });
    page.on('pageerror', (error) => pageErrors.push(error.message));
    await page.goto(`${origin}/explorer`);
    await page.getByText('Reloaded doc successfully').waitFor();
    await page.locator('.send-request__button').click();
    await page.getByText('浙1082执2303号').first().waitFor();
    expect(setup.sandbox.statistics.total.calls).toBe(1);
    if (process.env.ARTIFACTS) await page.screenshot({ path: `${process.env.ARTIFACTS}/explorer.png` });
    expect([foreignRequests, pageErrors]).toEqual([[], []]);
  });
});
