import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = '/usr/bin/chromium';
const installed = existsSync(PATH);
if (!installed && process.env.REQUIRE_CHROMIUM === '1') {
  throw new Error('chromium must be installed: its tests are not to be skipped here');
}

/** `describe`, where Debian's Chromium is installed. */
export const describeWithChromium = installed ? describe : describe.skip;

export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: PATH,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
