import { createHash } from 'node:crypto';

/** The SHA-256 of a text: bytes that look random and are the same on every run. */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
