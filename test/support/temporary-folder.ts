import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from './cleanup.js';

/** A new folder that is removed when the current test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  cleanUp(() => rmSync(folder, { recursive: true }));
  return folder;
}
