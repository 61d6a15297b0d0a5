import { statfsSync } from 'node:fs';

/** The file system in memory that Linux has. */
const MEMORY = '/dev/shm';
/** Bytes. A container may have far less there. */
const MIN_SPACE = 2 * 1024 ** 3;

function hasSpace() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= MIN_SPACE;
  } catch {
    return false;
  }
}

/**
 * Makes the temporary folders of the tests in memory, where there is room for them: a store waits for its disk many times
 * while it opens, and most tests open one.
 */
export default function setUp() {
  if (process.env.TMPDIR === undefined && hasSpace()) process.env.TMPDIR = MEMORY;
}
