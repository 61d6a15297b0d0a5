import { connect } from 'node:tls';
import { COMMAND_TIMEOUT } from './client.js';
import type { RedisNode, RedisTls } from './target.js';

/**
 * What a server says that ends encrypted connections as soon as they begin. It says so in an alert that only a client that
 * does not write can be sure to read, so this one only listens.
 *
 * @returns undefined where the server does not end the connection
 */
export function handshakeFailure({ host, port }: RedisNode, tls: RedisTls): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...tls });
    socket.setTimeout(COMMAND_TIMEOUT, () => socket.destroy());
    socket.once('error', resolve).once('close', () => resolve(undefined));
    socket.unref();
  });
}
