import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from './request-error.js';

const NOT_UTF8 = 'must be UTF-8, and holds bytes in another encoding, such as GBK. Encode it as UTF-8.';
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;
/** ASCII is a part of UTF-8. */
const UTF8_CHARSETS = /^(utf-?8|us-ascii|ascii)$/i;
const PERCENT_ENCODED = /(?:%[\da-f]{2})+/gi;
const texts = new WeakMap<FastifyRequest, string>();
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON bodies (RFC 8259, section 8.1: in UTF-8). Fastify's own parser replaces other bytes by U+FFFD, which would
 * then be bought as part of a name.
 *
 * A body that is not UTF-8 is refused with 400, one that declares another character set or is compressed with 415.
 */
export function addJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      assertPlain(request);
      const text = decode(body);
      texts.set(request, text);
      parse(request, text, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** The JSON text of a request's body, as the client sent it; undefined if it has none. */
export function bodyTextOf(request: FastifyRequest): string | undefined {
  return texts.get(request);
}

/** @throws RequestError 415 */
function assertPlain({ headers }: FastifyRequest): void {
  const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? [];
  if (!UTF8_CHARSETS.test(charset)) {
    throw new RequestError(415, 'BAD_REQUEST', 'The character set of the request body must be UTF-8.');
  }
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.toLowerCase() !== 'identity') {
    throw new RequestError(415, 'BAD_REQUEST', 'The request body must not be compressed.');
  }
}

/** @throws RequestError 400 */
function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new RequestError(400, 'BAD_REQUEST', `The request body ${NOT_UTF8}`);
  }
}

/**
 * Checks that the percent-encoded bytes of a query string are UTF-8. Node refuses bytes that are not percent-encoded.
 *
 * @param url path and query string as the client sent them
 * @throws RequestError 400
 */
export function assertUtf8Query(url: string): void {
  try {
    for (const [bytes] of url.matchAll(PERCENT_ENCODED)) decodeURIComponent(bytes);
  } catch {
    throw new RequestError(400, 'BAD_REQUEST', `The query string ${NOT_UTF8}`);
  }
}
