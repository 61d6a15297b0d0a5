import type { ServerResponse } from 'node:http';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Fault } from './cards.js';

const MB = 1024 * 1024;
/** Body sizes, in MB. */
const HUGE_BODY = 3;
const DECOMPRESSED_BOMB = 100;
/** Milliseconds between two bytes of a drip, and before a reset midway. */
const DRIP_INTERVAL = 100;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
/** HTTP statuses whose responses have no body (RFC 9110, 15). */
const WITHOUT_BODY = [204, 205, 304];

let bomb: Buffer | undefined;

/** Sends JSON, or no body if the HTTP status allows none. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, JSON_TYPE).end(WITHOUT_BODY.includes(status) ? undefined : JSON.stringify(body));
}

/** Sends an HTTP status that QCC itself never sends. The target of a redirect does not exist. */
export function sendHttpStatus(response: ServerResponse, status: number): void {
  if (status >= 300 && status < 400) response.setHeader('location', '/elsewhere');
  sendJson(response, status, { error: `HTTP ${status} from a sandbox card` });
}

/** Sends a faulty response, or none. */
export function sendFault(response: ServerResponse, fault: Fault): void {
  switch (fault) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'reset-midway':
      response.writeHead(200, { ...JSON_TYPE, 'content-length': 1000 }).write('{"Result":');
      setTimeout(() => response.socket?.resetAndDestroy(), DRIP_INTERVAL).unref();
      return;
    case 'drip': {
      response.writeHead(200, JSON_TYPE).flushHeaders();
      const drip = setInterval(() => response.write(' '), DRIP_INTERVAL);
      response.once('close', () => clearInterval(drip));
      return;
    }
    case 'truncated':
      response.writeHead(200, JSON_TYPE).end('{"Result":{"VerifyResult":1,"Data":[{"Id":"68d0');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>维护中</body></html>');
      return;
    case 'huge':
      sendJson(response, 200, { Status: '200', Message: 'x'.repeat(HUGE_BODY * MB) });
      return;
    case 'gzip-bomb':
      bomb ??= gzipOfSpaces(DECOMPRESSED_BOMB);
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(bomb);
      return;
  }
}

/**
 * One gzip member (RFC 1952) that decompresses to `size` MB of spaces. It repeats one compressed MB: compressing all of
 * it would block the event loop, and with it every other answer, until clients time out.
 */
function gzipOfSpaces(size: number): Buffer {
  const block = Buffer.alloc(MB, ' ');
  const compressed = deflateRawSync(block, { finishFlush: constants.Z_FULL_FLUSH });
  let checksum = 0;
  for (let count = 0; count < size; count += 1) checksum = crc32(block, checksum);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  const emptyLastBlock = Buffer.from([3, 0]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(size * MB, 4);
  return Buffer.concat([header, ...Array<Buffer>(size).fill(compressed), emptyLastBlock, trailer]);
}
