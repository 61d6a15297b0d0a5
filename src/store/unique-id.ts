import { randomBytes } from 'node:crypto';

const PROCESS_ID = randomBytes(8).toString('hex');
let count = 0;

/** An id that no other call, in this process or another, returns. */
export function uniqueId(): string {
  count += 1;
  return `${PROCESS_ID}-${count.toString(36)}`;
}
