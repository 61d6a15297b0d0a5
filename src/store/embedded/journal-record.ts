import type { Label, Row } from '../journal.js';

/**
 * The first byte of a record with a header: then come the length of the label (4 bytes) and the label as JSON. Records of
 * earlier versions have no header. They are JSON objects, so they never begin with this byte.
 */
const WITH_HEADER = 1;
const HEADER_LENGTH = 5;

/** A row as LMDB stores it. */
export function encodeRecord({ bytes, label }: Pick<Row, 'bytes' | 'label'>): Buffer {
  const text = label ? JSON.stringify([label.group, label.field, label.until]) : '';
  const length = Buffer.byteLength(text);
  const record = Buffer.allocUnsafe(HEADER_LENGTH + length + bytes.length);
  record.writeUInt8(WITH_HEADER);
  record.writeUInt32BE(length, 1);
  record.write(text, HEADER_LENGTH);
  record.set(bytes, HEADER_LENGTH + length);
  return record;
}

/** The bytes of the row that a record stores. */
export function bytesOf(record: Buffer): Buffer {
  return hasHeader(record) ? record.subarray(HEADER_LENGTH + record.readUInt32BE(1)) : record;
}

/** The label of the row that a record stores; undefined where it has none. */
export function labelOf(record: Buffer): Label | undefined {
  if (!hasLabel(record)) return undefined;
  const text = record.toString('utf8', HEADER_LENGTH, HEADER_LENGTH + record.readUInt32BE(1));
  const [group, field, until]: [string, string, number] = JSON.parse(text);
  return { group, field, until };
}

/** Whether the row that a record stores has a label. */
export function hasLabel(record: Buffer): boolean {
  return hasHeader(record) && record.readUInt32BE(1) > 0;
}

function hasHeader(record: Buffer): boolean {
  return record[0] === WITH_HEADER;
}
