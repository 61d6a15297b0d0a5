import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import { storeSettings } from '../config/store-settings.js';
import { foldersOf } from '../store/open.js';
import { type RunChecker, recover } from '../store/recover.js';

const CHECKER = fileURLToPath(new URL('../store/checker-process.js', import.meta.url));

/** Mends the store of a configuration before it is opened, where its file is damaged. @param tell is told what was done */
export async function recoverStore(config: Config, tell: (what: string) => void): Promise<void> {
  const settings = storeSettings(config, Date.now, () => undefined);
  for (const folder of foldersOf(settings)) {
    const aside = await recover(folder, runChecker, Date.now());
    if (aside === undefined) continue;
    tell(
      `the store in ${folder} was damaged: it lies in ${aside} now, and what could be read of it is in its place. Answers, budgets and rows of the ledger may be missing: compare the ledger with QCC's invoice`,
    );
  }
}

const runChecker: RunChecker = async (...work) => {
  const child = spawn(process.execPath, [CHECKER, ...work], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0;
};
