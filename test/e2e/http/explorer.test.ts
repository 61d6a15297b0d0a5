import { get } from 'node:http';
import type { Browser } from 'playwright-core';
import { SAMPLES } from '../../../src/graphql/server/landing-page/samples.js';
import { describeWithChromium, startChromium } from '../../support/chromium.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

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
  });

  it.each(SAMPLES)('run the sample "$name"', async ({ query, variables, headers = {} }) => {
    setup = await startTestGateway();
    const { data, errors, extensions } = await jsonOf(await setup.post({ query, variables }, { headers }));
    if ('x-cost-dry-run' in headers) {
      expect([errors[0].extensions.code, extensions.cost.billed]).toEqual(['DRY_RUN', 0]);
      expect(extensions.cost.estimate).toEqual({ min: 1, max: 6 });
      return;
    }
    expect([JSON.stringify(data), errors]).toEqual([expect.not.stringContaining('null'), undefined]);
  });

  it('serve their own files and no others', async () => {
    setup = await startTestGateway();
    const { port } = new URL(setup.gateway.url);
    const statusOf = (path: string) =>
      new Promise((resolve, reject) => {
        // Unlike fetch, this does not resolve the dots.
        get({ port, path }, (response) => resolve(response.resume().statusCode)).once('error', reject);
      });
    const paths = [
      'main.js',
      '..%2f..%2fpackage.json',
      '../package.json',
      '%2e%2e/package.json',
      '%00',
      'assets',
    ];
    const statuses = await Promise.all(paths.map((path) => statusOf(`/explorer/${path}`)));
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
    expect(await statusOf('/docs/..%2fpackage.json')).toBe(404);
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
    await page.locator('.window-switcher__item--active', { hasText: SAMPLES[0]?.name ?? '' }).waitFor();
    for (const { name } of SAMPLES) expect(await page.getByText(name, { exact: true }).count()).toBe(1);
    await page.locator('.variables-editor', { hasText: '浙江省临海标准件工业公司' }).waitFor();
    await page.locator('.send-request__button').click();
    await page.getByText('浙1082执2303号').first().waitFor();
    expect(setup.sandbox.statistics.total.calls).toBe(1);
    if (process.env.ARTIFACTS) await page.screenshot({ path: `${process.env.ARTIFACTS}/explorer.png` });
    await page.getByText('Dry run: what it would cost').click();
    await page.locator('.variables-editor', { hasText: '浙江省临海标准件工业公司' }).waitFor();
    await page.locator('.send-request__button').click();
    await page.getByText('DRY_RUN').first().waitFor();
    expect(setup.sandbox.statistics.total.calls).toBe(1);
    expect([foreignRequests, pageErrors]).toEqual([[], []]);
  });

  it('is where Apollo Sandbox leads to if its script cannot be loaded', async () => {
    setup = await startTestGateway();
    const page = await browser.newPage();
    const origin = new URL(setup.gateway.url).origin;
    await page.route(
      (url) => url.origin !== origin,
      (route) => route.abort(),
    );
    await page.goto(setup.gateway.url);
    await page.waitForURL(`${origin}/explorer/`);
  });

  it('gives way to Apollo Sandbox if its script can be loaded', async () => {
    setup = await startTestGateway();
    const page = await browser.newPage();
    const body = 'window.EmbeddedSandbox = class { constructor() { document.title = "loaded"; } }';
    await page.route(/embeddable-sandbox.*\.js/, (route) =>
      route.fulfill({ contentType: 'text/javascript', body }),
    );
    await page.goto(setup.gateway.url);
    await page.waitForFunction('document.title === "loaded"');
    expect(page.url()).toBe(setup.gateway.url);
  });
});

describe('the first page', () => {
  /** What each link of the page answers, by its target. */
  const follow = async (gateway: TestGateway) => {
    const origin = new URL(gateway.url).origin;
    const html = await (await fetch(origin)).text();
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
    const responses = await Promise.all(
      links.map(async (href) => {
        const response = await fetch(new URL(href, origin), { headers: { accept: 'text/html' } });
        return [href, response.status] as const;
      }),
    );
    return { html, responses: new Map(responses) };
  };

  it('links what the process serves, and its documentation, and loads nothing', async () => {
    setup = await startTestGateway();
    const { html, responses } = await follow(setup);
    expect([...responses.keys()]).toEqual(
      expect.arrayContaining(['/explorer', '/graphql', '/readyz', '/metrics', '/docs/schema.md']),
    );
    expect(new Set(responses.values())).toEqual(new Set([200]));
    expect(html).not.toMatch(/src=|<script|<link|https:/);
    const page = await fetch(new URL('/docs/spending.md', setup.url));
    expect(page.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await page.text()).toContain('# ');
  });

  it('links the metrics at their own port, and no explorer that is off', async () => {
    setup = await startTestGateway({ env: { ADMIN_PORT: '0', INTROSPECTION: 'off' } });
    const { responses } = await follow(setup);
    expect(responses.get(`${setup.gateway.adminUrl}/metrics`)).toBe(200);
    expect([responses.has('/explorer'), responses.has('/graphql')]).toEqual([false, false]);
  });

  it('is 404 in production, with the documentation, though INTROSPECTION is on', async () => {
    setup = await startTestGateway({ env: { NODE_ENV: 'production', INTROSPECTION: 'on' } });
    for (const path of ['/', '/docs/schema.md']) {
      expect((await fetch(new URL(path, setup.url))).status).toBe(404);
    }
  });
});
