import { isUtf8 } from 'node:buffer';
import { ScreenError } from '../errors.js';

/** Bytes at the start of a text in which a missing byte order mark is made up for. */
const SAMPLE = 4096;
/** The share of zero bytes in one half of the byte pairs that marks UTF-16 without a byte order mark. */
const MIN_ZERO_SHARE = 0.05;

const REPLACEMENT_CHARACTER = '\ufffd';

export interface DecodedText {
  readonly text: string;
  /** As the WHATWG Encoding Standard names it. */
  readonly encoding: string;
}

/**
 * Decodes a text in UTF-8, UTF-16 or GB18030 (which includes GBK and GB2312), with or without a byte order mark.
 *
 * @throws ScreenError if it is in none of these
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingByMark(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'gb18030');
  // The decoder removes the byte order mark, and replaces what it cannot read.
  const text = new TextDecoder(encoding).decode(bytes);
  if (encoding === 'utf-8' || !text.includes(REPLACEMENT_CHARACTER)) return { text, encoding };
  throw new ScreenError(
    'The list must be a text in UTF-8, UTF-16 or GBK (GB18030); this file is none of them.',
  );
}

/** The encoding that a byte order mark names, or that zero bytes show to be UTF-16: its line ends hold them. */
function encodingByMark(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries())
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const enough = (sample.length / 2) * MIN_ZERO_SHARE;
  if (odd > even && odd >= enough) return 'utf-16le';
  if (even > odd && even >= enough) return 'utf-16be';
  return undefined;
}
