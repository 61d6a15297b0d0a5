import { bytesOf } from './companies.js';

/** Whose case it is, and which: 0 is the newest. */
export interface Place {
  readonly seed: string;
  readonly index: number;
}

/**
 * An id that tells whose case it is, so that details need no memory and outlive a restart, as ids in a gateway's cache
 * do: 16 hexadecimal digits of check, then the place, masked by the check so that neighbours look unrelated.
 */
export function idOf({ seed, index }: Place): string {
  const place = Buffer.from(seed + index.toString(16).padStart(8, '0'), 'hex');
  const check = bytesOf(`case ${place.toString('hex')}`).subarray(0, 8);
  return check.toString('hex') + masked(place, check).toString('hex');
}

/** The place that an id was made of; undefined for one that was never made here. */
export function placeIn(id: string): Place | undefined {
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const bytes = Buffer.from(id, 'hex');
  const text = masked(bytes.subarray(8), bytes.subarray(0, 8)).toString('hex');
  const place = { seed: text.slice(0, 8), index: Number.parseInt(text.slice(8), 16) };
  return idOf(place) === id ? place : undefined;
}

function masked(place: Buffer, check: Buffer): Buffer {
  const mask = bytesOf(check.toString('hex'));
  return Buffer.from(place.map((byte, at) => byte ^ mask.readUInt8(at)));
}
