import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './cards.js';

const HUGE = 3 * 1024 * 1024;
const BOMB = 100 * 1024 * 1024;
const DRIP_EVERY = 100;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

let bomb: Buffer | undefined;

/** Answers in a way that no client wants. */
export function misbehave(response: ServerResponse, fault: Fault): void {
  switch (fault) {
    case 'hang':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'reset-midway':
      response.writeHead(200, { ...JSON_TYPE, 'content-length': 1000 }).write('{"Result":');
      setTimeout(() => response.socket?.resetAndDestroy(), DRIP_EVERY).unref();
      return;
    case 'drip': {
      response.writeHead(200, JSON_TYPE);
      const drip = setInterval(() => response.write(' '), DRIP_EVERY);
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
      response.writeHead(200, JSON_TYPE).end(JSON.stringify({ Status: '200', Message: 'x'.repeat(HUGE) }));
      return;
    case 'gzip-bomb':
      bomb ??= gzipSync(Buffer.alloc(BOMB, ' '), { level: 1 });
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(bomb);
      return;
  }
}
