import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to a gateway, for tests that write HTTP by hand. */
export async function openSocket(gatewayUrl: string): Promise<Socket> {
  const { hostname, port } = new URL(gatewayUrl);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}
