import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { TRANSMISSION_CODES } from '../qcc/error.js';
import type { MethodName } from '../qcc/methods.js';

/** Raised whenever the shape of what is kept changes: no release reads what it does not know. */
const VERSION = 2;
const HEAD = 5;

const upstream = z.object({
  method: z.enum(['GetList', 'GetDetail'] satisfies MethodName[]),
  status: z.string().nullable(),
  message: z.string().nullable(),
  orderNumber: z.string().nullable(),
  billed: z.boolean().nullable(),
});

/** An answer; its data is read by the method's own schema. */
export const keptAnswer = z.object({
  kind: z.literal('answer'),
  data: z.unknown(),
  status: z.string(),
  orderNumber: z.string().nullable(),
  receivedAt: z.number(),
});

/** A failure that is to be repeated to others. Times are milliseconds since 1970. */
export const keptFailure = z.object({
  kind: z.literal('failure'),
  /** Null where QCC answered with a status, which tells all. */
  code: z.enum(TRANSMISSION_CODES).nullable(),
  message: z.string(),
  upstream,
  /** For how long it is repeated to whoever asks; 0: to those alone who waited for it. */
  until: z.number(),
  /** Whose attempt failed, and when. */
  flight: z.string(),
  failedAt: z.number(),
});

/** What the newest answer told of a whole list. */
export const keptHead = z.object({
  kind: z.literal('head'),
  total: z.number(),
  verified: z.boolean().nullable(),
  receivedAt: z.number(),
});

export type KeptAnswer = z.infer<typeof keptAnswer>;
export type KeptFailure = z.infer<typeof keptFailure>;
export type KeptHead = z.infer<typeof keptHead>;

/** Something kept: a version, a checksum (CRC-32), and JSON. */
export function encode(entry: KeptAnswer | KeptFailure | KeptHead): Buffer {
  const text = JSON.stringify(entry);
  const bytes = Buffer.allocUnsafe(HEAD + Buffer.byteLength(text));
  bytes.write(text, HEAD);
  bytes.writeUInt8(VERSION);
  bytes.writeUInt32BE(crc32(bytes.subarray(HEAD)), 1);
  return bytes;
}

/**
 * Reads what `encode` wrote. Undefined where another release wrote it.
 *
 * @throws Error where it is not whole
 */
export function decode(bytes: Uint8Array): unknown {
  const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.length <= HEAD) throw new RangeError('an entry is cut short');
  if (entry.readUInt8(0) !== VERSION) return undefined;
  const text = entry.subarray(HEAD);
  if (crc32(text) !== entry.readUInt32BE(1)) throw new RangeError('an entry fails its checksum');
  return JSON.parse(text.toString());
}
