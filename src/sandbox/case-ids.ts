import { sha256 } from './sha256.js';

/** Which case of which company. */
export interface CaseLocation {
  /** The seed of the company. */
  readonly seed: string;
  /** 0 for the company's newest case. */
  readonly index: number;
}

/**
 * Encodes a location as a case id. The sandbox needs no memory of its lists to find a case by its id, so ids in a
 * gateway's cache stay valid when the sandbox restarts. An id has 32 hexadecimal digits: 16 of a checksum, then 16 of
 * the location, masked with the checksum so that neighbouring cases have unrelated ids.
 */
export function encodeCaseId({ seed, index }: CaseLocation): string {
  const location = Buffer.from(seed + index.toString(16).padStart(8, '0'), 'hex');
  const checksum = sha256(`case ${location.toString('hex')}`).subarray(0, 8);
  return checksum.toString('hex') + mask(location, checksum).toString('hex');
}

/** The location in a case id; undefined for an id that `encodeCaseId` does not produce. */
export function decodeCaseId(id: string): CaseLocation | undefined {
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const bytes = Buffer.from(id, 'hex');
  const digits = mask(bytes.subarray(8), bytes.subarray(0, 8)).toString('hex');
  const location = { seed: digits.slice(0, 8), index: Number.parseInt(digits.slice(8), 16) };
  return encodeCaseId(location) === id ? location : undefined;
}

/** Masks a location, and unmasks a masked one. */
function mask(location: Buffer, checksum: Buffer): Buffer {
  const pad = sha256(checksum.toString('hex'));
  return Buffer.from(location.map((byte, index) => byte ^ pad.readUInt8(index)));
}
