import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** The largest body that is read, in bytes, before and after decompression. */
export const MAX_BODY = 2 * 1024 * 1024;

/** A body as it arrived, with the headers that say how to read it; empty where there is none. */
export interface Received {
  readonly contentEncoding: string;
  readonly contentType: string;
  readonly chunks: readonly Buffer[];
}

/** A body as text. */
export interface Body {
  readonly text: string;
  /** Whether bytes are not of its charset. The text then has U+FFFD in their place, and what it says there is lost. */
  readonly isDamaged: boolean;
}

/**
 * Decompresses and decodes a body.
 *
 * @throws the error of zlib where the body is damaged or larger than `MAX_BODY`
 */
export async function readBody({ contentEncoding, contentType, chunks }: Received): Promise<Body> {
  const [only] = chunks;
  const data = chunks.length === 1 && only ? only : Buffer.concat(chunks);
  const decompress =
    contentEncoding === '' ? undefined : decompressors.get(contentEncoding.trim().toLowerCase());
  const plain = decompress === undefined ? data : await decompress(data, { maxOutputLength: MAX_BODY });
  return decode(plain, contentType);
}

type Decompress = (data: Buffer, limit: { maxOutputLength: number }) => Promise<Buffer>;

const decompressors: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** The charsets of China, all of which GB18030 contains. Node reads GBK by name less strictly. */
const GB_CHARSET = /;\s*charset\s*=\s*"?(gb18030|gbk|x-gbk|gb2312|gb_2312-80)\b/i;

/**
 * Decodes a body, without its byte order mark. JSON is UTF-8 (RFC 8259, section 8.1), so Content-Type matters only for
 * bytes that are not.
 */
function decode(data: Buffer, contentType: string): Body {
  const text =
    decodeAs('utf-8', data) ?? (GB_CHARSET.test(contentType) ? decodeAs('gb18030', data) : undefined);
  return text === undefined
    ? { text: new TextDecoder().decode(data), isDamaged: true }
    : { text, isDamaged: false };
}

/** Undefined where the bytes are not of this charset, or this process does not know it. */
function decodeAs(charset: string, data: Buffer): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(data);
  } catch {
    return undefined;
  }
}
