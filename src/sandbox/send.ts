import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './cards.js';

const MB = 1024 * 1024;
/** Body sizes, in MB. */
const HUGE_BODY = 3;
const DECOMPRESSED_BOMB = 100;
/** Milliseconds between two bytes of a drip, and before a reset midway. */
const DRIP_INTERVAL = 100;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/**
 * One compressed MB, repeated: gzip members may follow each other (RFC 1952, 2.2). Compressing the whole would block the
 * event loop, and with it every other answer.
 */
function gzipBomb(): Buffer {
  const member = gzipSync(Buffer.alloc(MB, ' '));
  return Buffer.concat(Array<Buffer>(DECOMPRESSED_BOMB).fill(member));
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));
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
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(gzipBomb());
      return;
  }
}
