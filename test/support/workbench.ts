import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { CHROMIUM, startChromium } from './chromium.js';
import { closeAfterTest } from './cleanup.js';
import { startTestGateway, type TestGateway } from './gateway.js';
import { priceVariables } from './price-variables.js';
import { requires, type Suite } from './requirement.js';
import { serveWeb, WEB } from './web.js';

const PRICES = priceVariables({ GetList: '0.30', GetDetail: '1.20' });
const AXE = require.resolve('axe-core/axe.min.js');
const TIMEOUT = 120_000;

export interface WorkbenchOptions {
  readonly env?: Record<string, string>;
  /** Milliseconds before each answer of the sandbox. */
  readonly latency?: number;
  readonly context?: BrowserContextOptions;
}

/** examples/web in a browser, with a gateway and a sandbox of its own. */
export interface Workbench {
  readonly page: Page;
  readonly url: string;
  readonly gateway: TestGateway;
  /** What went to the gateway, in order: `sent`, `answered` or `aborted`, the operation and its variables. */
  readonly network: readonly string[];
  /** Finds accessibility faults in the present state, in light and in dark, and keeps a screenshot of each. */
  inspect(name: string): Promise<string[]>;
  search(key: string): Promise<void>;
}

/** A suite that runs where Chromium and the packages of examples/web are installed. */
export function describeWorkbench(
  title: string,
  body: (open: (options?: WorkbenchOptions) => Promise<Workbench>) => void,
): void {
  const suite: Suite = requires(WEB, CHROMIUM);
  suite.describe(title, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await startChromium();
    });
    afterAll(() => browser.close());
    body((options) => openWorkbench(browser, options));
  });
}

async function openWorkbench(browser: Browser, options: WorkbenchOptions = {}): Promise<Workbench> {
  const { env, latency = 0, context } = options;
  const gateway = closeAfterTest(await startTestGateway({ env: { ...PRICES, ...env }, latency }));
  const { url } = closeAfterTest(await serveWeb(gateway.url));
  const page = closeAfterTest(
    await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'zh-CN', ...context }),
  );
  page.setDefaultTimeout(TIMEOUT);
  const scriptErrors: string[] = [];
  page.on('pageerror', (error) => scriptErrors.push(error.message));
  const network = recordNetwork(page);
  await page.goto(url);
  return {
    page,
    url,
    gateway,
    network,
    async inspect(name) {
      const faults = [...scriptErrors];
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        // Only colours differ between the two.
        const rules = colorScheme === 'light' ? {} : { runOnly: ['color-contrast'] };
        faults.push(...(await accessibilityFaults(page, rules)));
        await shoot(page, `${name}-${colorScheme}`);
      }
      return faults;
    },
    async search(key) {
      await page.getByRole('searchbox').fill(key);
      await page.keyboard.press('Enter');
    },
  };
}

function recordNetwork(page: Page): string[] {
  const log: string[] = [];
  const record = (event: string) => (request: { url(): string; postData(): string | null }) => {
    if (!request.url().endsWith('/graphql')) return;
    const { operationName, variables } = JSON.parse(request.postData() ?? '{}');
    log.push(`${event} ${operationName} ${JSON.stringify(variables)}`);
  };
  page.on('request', record('sent'));
  page.on('requestfinished', record('answered'));
  page.on('requestfailed', record('aborted'));
  return log;
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The faults that axe finds in the page, each with an element that has it. */
async function accessibilityFaults(page: Page, rules: object): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.addScriptTag({ path: AXE });
  const violations = await page.evaluate<AxeViolation[]>(
    `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...rules })}).then(({ violations }) => violations)`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** Keeps a screenshot of the whole page in the folder ARTIFACTS. */
async function shoot(page: Page, name: string): Promise<void> {
  const { ARTIFACTS } = process.env;
  if (ARTIFACTS === undefined) return;
  const path = join(ARTIFACTS, `web-${name}.png`);
  // The bar at the foot of the window would lie over the middle of the picture, and rows out of view would be blank.
  const style = '.cost { position: static !important } .many tr { content-visibility: visible !important }';
  await page.screenshot({ path, fullPage: true, style });
}

/** Keeps a text in the folder ARTIFACTS. */
export function keepArtifact(name: string, text: string): void {
  const { ARTIFACTS } = process.env;
  if (ARTIFACTS === undefined) return;
  mkdirSync(ARTIFACTS, { recursive: true });
  writeFileSync(join(ARTIFACTS, name), text);
}
