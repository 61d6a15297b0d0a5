import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.js';
import { storeSettings } from '../config/store-settings.js';
import { type RunChecker, recover } from '../store/embedded/recover.js';
import { lmdbFolderOf } from '../store/open-store.js';

const CHECKER = fileURLToPath(new URL('../store/embedded/checker-process.js', import.meta.url));

/** Mends the store of a configuration before it is opened, where its file is damaged. @param tell is told what was done */
export async function recoverStore(config: Config, tell: (what: string) => void): Promise<void> {
  const settings = storeSettings(config, Date.now, () => undefined);
  const folder = lmdbFolderOf(settings);
  const damaged = await recover(folder, runChecker, Date.now());
  if (damaged === undefined) return;
  tell(
    `the store in ${folder} was damaged. It was moved to ${damaged} and replaced by what could be salvaged. Answers, budgets and ledger rows may be missing: compare the ledger with QCC's invoice`,
  );
}

const runChecker: RunChecker = async (...work) => {
  const child = spawn(process.execPath, [CHECKER, ...work], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0;
};
