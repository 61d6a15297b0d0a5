import { hash } from 'node:crypto';

/** Which case of which company. */
export interface CaseLocation {
  /** The seed of the company. */
  readonly seed: string;
  /** 0 for the company's newest case. */
  readonly index: number;
}

/**
 * Encodes a location as a case id: 16 hexadecimal digits of a checksum, 11 of the seed and 5 of the index. The sandbox
 * needs no memory of its lists to find a case by its id, so ids in a gateway's cache stay valid when it restarts.
 */
export function encodeCaseId({ seed, index }: CaseLocation): string {
  const location = seed + index.toString(16).padStart(5, '0');
  return hash('sha256', `case ${location}`).slice(0, 16) + location;
}

/** The location in a case id; undefined for an id that `encodeCaseId` does not produce. */
export function decodeCaseId(id: string): CaseLocation | undefined {
  const location = { seed: id.slice(16, 27), index: Number.parseInt(id.slice(27), 16) };
  return encodeCaseId(location) === id ? location : undefined;
}
