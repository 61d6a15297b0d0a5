import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from './cleanup.js';
import { type Requirement, requires } from './requirement.js';

const mount = (folder: string) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status === 0;

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  const mounted = mount(folder);
  if (mounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return mounted;
}

const TMPFS: Requirement = {
  tests: 'tests of a full disk',
  remedy: 'no tmpfs can be mounted; run the tests as root',
  met: canMount(),
  variable: 'REQUIRE_TMPFS',
};

/** `it`, where a tmpfs can be mounted. */
export const itWithTmpfs = requires(TMPFS).it;

/** A folder on a disk of 2 MB, until the current test ends. */
export function smallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  mount(folder);
  cleanUp(() => {
    spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}
