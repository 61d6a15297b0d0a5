import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the package, which holds `package.json`, `docs` and the built program. Sources and bundles are in folders
 * of different depth below it.
 */
export const PACKAGE_ROOT = findRoot(new URL('.', import.meta.url));

function findRoot(folder: URL): string {
  if (existsSync(new URL('package.json', folder))) return fileURLToPath(folder);
  return findRoot(new URL('..', folder));
}
