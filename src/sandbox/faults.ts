import type { ServerResponse } from 'node:http';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Fault } from './cards.js';

const MB = 1024 * 1024;
/** Body sizes, in MB. */
const HUGE = 3;
const BOMB = 100;
/** Milliseconds between two bytes of a drip, and before a reset midway. */
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
      response.writeHead(200, JSON_TYPE).flushHeaders();
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
      response
        .writeHead(200, JSON_TYPE)
        .end(JSON.stringify({ Status: '200', Message: 'x'.repeat(HUGE * MB) }));
      return;
    case 'gzip-bomb':
      bomb ??= gzipOfSpaces(BOMB);
      response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(bomb);
      return;
  }
}

/**
 * One gzip member (RFC 1952) of so many MB of spaces. One packed MB is repeated: packing them all would hold up every
 * other answer of this process for long enough to fail a client's timeout.
 */
function gzipOfSpaces(size: number): Buffer {
  const piece = Buffer.alloc(MB, ' ');
  const packed = deflateRawSync(piece, { finishFlush: constants.Z_FULL_FLUSH });
  let check = 0;
  for (let done = 0; done < size; done += 1) check = crc32(piece, check);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  const emptyLastBlock = Buffer.from([3, 0]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(check, 0);
  trailer.writeUInt32LE(size * MB, 4);
  return Buffer.concat([header, ...Array<Buffer>(size).fill(packed), emptyLastBlock, trailer]);
}
