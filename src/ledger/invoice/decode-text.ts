import { InvoiceError } from './invoice-error.js';

/** Other kinds of files, and the bytes that they begin with. */
const OTHER_FORMATS: readonly (readonly [kind: string, start: Uint8Array])[] = [
  ['an Excel workbook', Buffer.from('504b0304', 'hex')],
  ['an Excel workbook', Buffer.from('d0cf11e0', 'hex')],
  ['a PDF', Buffer.from('%PDF')],
];
const MARKUP = /^\s*<(!doctype|html|\?xml|table|meta)/i;
/** Bytes at the start that show what a file is. */
const HEAD = 1024;

/**
 * The text of a file in UTF-8, UTF-16 or GBK (GB18030), without a byte order mark.
 *
 * @throws InvoiceError if it is not text, or in another encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const other = OTHER_FORMATS.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  if (other) throw new InvoiceError(`must be a CSV file, and is ${other[0]}: save it as CSV`);
  const text = decode(bytes);
  if (MARKUP.test(text)) throw new InvoiceError('must be a CSV file, and is a web page: save it as CSV');
  return text;
}

function decode(bytes: Uint8Array): string {
  for (const encoding of encodingsFor(bytes)) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // The next encoding may fit.
    }
  }
  throw new InvoiceError('must be text in UTF-8, UTF-16 or GBK');
}

/** The encodings to try. */
function encodingsFor(bytes: Uint8Array): readonly string[] {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return ['utf-16le'];
  if (first === 0xfe && second === 0xff) return ['utf-16be'];
  // Of a digit or a separator in UTF-16, one byte is zero.
  const zeros = [0, 0];
  for (const [index, byte] of bytes.subarray(0, HEAD).entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even === odd) return ['utf-8', 'gb18030'];
  return odd > even ? ['utf-16le'] : ['utf-16be'];
}
