/** Bytes in front of an entry: its lifetime and when it was received, as doubles. */
const HEADER_LENGTH = 16;

/** When an entry was received, and how long it lives. Milliseconds, since 1970 and as a span. */
export interface EntryAge {
  readonly lifetime: number;
  /** Up to a millisecond earlier than it was received, so that the lifetime is a whole number. */
  readonly receivedAt: number;
}

/** An entry as LMDB stores it. Times are milliseconds since 1970. */
export function encodeEntry(bytes: Uint8Array, receivedAt: number, until: number): Buffer {
  const lifetime = Math.max(0, Math.ceil(until - receivedAt));
  const record = Buffer.allocUnsafe(HEADER_LENGTH + bytes.length);
  record.writeDoubleBE(lifetime);
  record.writeDoubleBE(until - lifetime, 8);
  record.set(bytes, HEADER_LENGTH);
  return record;
}

/** The bytes of the entry that a record stores. */
export function entryBytesOf(record: Buffer): Buffer {
  return record.subarray(HEADER_LENGTH);
}

export function ageOf(record: Buffer): EntryAge {
  return { lifetime: record.readDoubleBE(0), receivedAt: record.readDoubleBE(8) };
}

/** When an entry expires, in milliseconds since 1970. */
export function expiryOf({ lifetime, receivedAt }: EntryAge): number {
  return lifetime + receivedAt;
}
