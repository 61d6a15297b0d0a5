import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { type Requirement, requires } from './requirement.js';

const PATH = '/usr/bin/chromium';

export const CHROMIUM: Requirement = {
  tests: 'browser tests',
  remedy: 'chromium is not installed; apt-get install chromium',
  met: existsSync(PATH),
  variable: 'REQUIRE_CHROMIUM',
};

/** `describe`, where Debian's Chromium is installed. */
export const describeWithChromium = requires(CHROMIUM).describe;

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
