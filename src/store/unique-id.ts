import { randomBytes } from 'node:crypto';

const PROCESS = randomBytes(8).toString('hex');
let given = 0;

/** A text that this process gives once, and no other process does. */
export function uniqueId(): string {
  given += 1;
  return `${PROCESS}-${given.toString(36)}`;
}
