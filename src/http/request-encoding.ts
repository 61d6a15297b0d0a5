import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isNestedTooDeep, MAX_NESTING } from './protocol/nesting.js';
import { RequestError } from './request-error.js';

/** Bytes of the largest request body. */
export const MAX_BODY = 1024 * 1024;

const NOT_UTF8 = 'must be UTF-8, and holds bytes in another encoding, such as GBK. Encode it as UTF-8.';
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;
/** ASCII is a part of UTF-8. */
const UTF8_CHARSETS = /^(utf-?8|us-ascii|ascii)$/i;
const PERCENT_ENCODED = /(?:%[\da-f]{2})+/gi;
const texts = new WeakMap<FastifyRequest, string>();
const faults = new WeakMap<FastifyRequest, unknown>();
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Counts bytes of the body of a request that have arrived. @throws RequestError where they are too many */
export type ReceiveBytes = (bytes: number) => void;

/**
 * Reads JSON bodies (RFC 8259, section 8.1: in UTF-8). Fastify's own parser replaces other bytes by U+FFFD, which would
 * then be bought as part of a name, and keeps each piece of a body as an object of its own.
 *
 * A body that is not UTF-8 is refused with 400, one that declares another character set or is compressed with 415, and a
 * larger one than `MAX_BODY` with 413. `assertBodyIsRead` throws these errors: Fastify would close the connection of a client
 * that still sends, before it can read the response.
 *
 * @param receiverOf undefined for a request whose body is not read
 */
export function addJsonParser(
  app: FastifyInstance,
  receiverOf: (request: FastifyRequest) => ReceiveBytes | undefined,
): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', (request, payload, done) => {
    const receive = receiverOf(request);
    if (receive === undefined) {
      done(null);
      return;
    }
    const read = async () => {
      assertPlain(request);
      const text = decode(await readBody(payload, Number(request.headers['content-length'] ?? 0), receive));
      assertFlat(text);
      texts.set(request, text);
      return text;
    };
    read().then(
      (text) => parse(request, text, done),
      (error: unknown) => {
        faults.set(request, error);
        done(null);
      },
    );
  });
}

/** @throws RequestError where the body of the request was refused */
export function assertBodyIsRead(request: FastifyRequest): void {
  if (faults.has(request)) throw faults.get(request);
}

/**
 * Reads a body into one buffer, however many pieces it comes in. Of a refused body the rest is read and dropped, so that
 * the client can read the response.
 *
 * @param announced bytes, as `Content-Length` has it
 */
function readBody(payload: IncomingMessage, announced: number, receive: ReceiveBytes): Promise<Buffer> {
  let body: Buffer = Buffer.alloc(0);
  let length = 0;
  const append = (piece: Buffer) => {
    receive(piece.length);
    const end = length + piece.length;
    if (end > MAX_BODY) throw tooLarge();
    if (end > body.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * body.length));
      body.copy(larger, 0, 0, length);
      body = larger;
    }
    piece.copy(body, length);
    length = end;
  };
  return new Promise((resolve, reject) => {
    if (announced > MAX_BODY) throw tooLarge();
    const onData = (piece: Buffer) => {
      try {
        append(piece);
      } catch (error) {
        payload.off('data', onData).resume();
        body = Buffer.alloc(0);
        reject(error);
      }
    };
    payload
      .on('data', onData)
      .once('end', () => resolve(body.subarray(0, length)))
      .once('error', () => reject(new RequestError(400, 'BAD_REQUEST', 'The request body is incomplete.')));
  });
}

function tooLarge(): RequestError {
  return new RequestError(413, 'BAD_REQUEST', `The request body is larger than ${MAX_BODY} bytes.`);
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

/** JSON.parse needs 60 ms for a megabyte of brackets. @throws RequestError 400 */
function assertFlat(text: string): void {
  if (!isNestedTooDeep(text)) return;
  const message = `The request body must not be nested more than ${MAX_NESTING} levels deep.`;
  throw new RequestError(400, 'BAD_REQUEST', message);
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
