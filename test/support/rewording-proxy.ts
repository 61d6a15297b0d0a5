import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { closeAfterTest } from './cleanup.js';

/** How Redis 6 words the refusal of a replica inside a script. */
export const READONLY_OF_REDIS_6 =
  "-ERR Error running script (call to f_0): @user_script:2: @user_script: 2: -READONLY You can't write against a read only replica.";

/** An address that leads to a Redis, until it leads to another. */
export interface RewordingProxy {
  readonly url: string;
  /** New connections lead to another server. Those that are open stay where they are. */
  leadTo(port: number): void;
}

/** Starts a server in front of a Redis that words the refusals of a replica as `reply`. It ends with the test. */
export async function startRewordingProxy(port: number, reply: string): Promise<RewordingProxy> {
  let target = port;
  const server = createServer((client) => {
    const redis = connect(target, '127.0.0.1');
    client.pipe(redis);
    redis.on('data', (data) =>
      client.write(Buffer.from(data.toString('latin1').replaceAll(/-READONLY [^\r]*/g, reply), 'latin1')),
    );
    const end = () => {
      client.destroy();
      redis.destroy();
    };
    for (const socket of [client, redis]) socket.on('error', end).on('close', end);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeAfterTest(server);
  const address = server.address();
  return {
    url: `redis://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    leadTo(next) {
      target = next;
    },
  };
}
