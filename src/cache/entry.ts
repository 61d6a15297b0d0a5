import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { TRANSMISSION_CODES } from '../qcc/error.js';

/** Raised whenever the format of stored entries changes: no release reads what it does not know. */
const VERSION = 4;
const HEADER_LENGTH = 5;

/** A stored answer; its data is read by the method's own schema. */
const storedAnswer = z.object({
  kind: z.literal('answer'),
  data: z.unknown(),
  status: z.string(),
  orderNumber: z.string().nullable(),
  receivedAt: z.number(),
});

/** A stored failure, repeated to other callers. Times are milliseconds since 1970. */
export const storedFailure = z.object({
  kind: z.literal('failure'),
  /** Null where QCC answered with a status, which determines the code. */
  code: z.enum(TRANSMISSION_CODES).nullable(),
  message: z.string(),
  upstream: z.object({
    method: z.string(),
    status: z.string().nullable(),
    message: z.string().nullable(),
    orderNumber: z.string().nullable(),
    billed: z.boolean().nullable(),
  }),
  /** How long everyone gets it; 0: only those who waited for the flight. */
  until: z.number(),
  /** Which flight failed, and when. */
  flight: z.string(),
  failedAt: z.number(),
});

/** What is stored under the key of a call. */
export const storedItem = z.discriminatedUnion('kind', [storedAnswer, storedFailure]);

/** The stored summary of a list. */
export const storedList = z.object({
  kind: z.literal('list'),
  total: z.number(),
  verified: z.boolean().nullable(),
  receivedAt: z.number(),
  toldBy: z.object({ receivedAt: z.number(), orderNumber: z.string().nullable() }),
  isSettled: z.boolean(),
});

/** The pages of a list that were dropped because a newer answer contradicted them: what each said, and when. */
export const storedDisagreement = z.object({
  kind: z.literal('disagreement'),
  dropped: z.record(z.string(), z.object({ says: z.string(), receivedAt: z.number() })),
});

type StoredAnswer = z.infer<typeof storedAnswer>;
export type StoredFailure = z.infer<typeof storedFailure>;
export type StoredList = z.infer<typeof storedList>;
export type StoredDisagreement = z.infer<typeof storedDisagreement>;

/** An entry as bytes: a version, a checksum (CRC-32), and JSON. */
export function encode(entry: StoredAnswer | StoredFailure | StoredList | StoredDisagreement): Buffer {
  const text = JSON.stringify(entry);
  const bytes = Buffer.allocUnsafe(HEADER_LENGTH + Buffer.byteLength(text));
  bytes.write(text, HEADER_LENGTH);
  bytes.writeUInt8(VERSION);
  bytes.writeUInt32BE(crc32(bytes.subarray(HEADER_LENGTH)), 1);
  return bytes;
}

/**
 * Reads what `encode` wrote; undefined where another version wrote it.
 *
 * @throws RangeError where it is cut short or fails its checksum
 */
export function decode(bytes: Uint8Array): unknown {
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.length <= HEADER_LENGTH) throw new RangeError('the entry is cut short');
  if (entry.readUInt8(0) !== VERSION) return undefined;
  const text = entry.subarray(HEADER_LENGTH);
  if (crc32(text) !== entry.readUInt32BE(1)) throw new RangeError('the entry fails its checksum');
  return JSON.parse(text.toString());
}
