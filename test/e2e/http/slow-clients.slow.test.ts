import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { openSocket } from '../../support/socket.js';
import { waitUntil } from '../../support/wait-until.js';

// Slow by nature: the gateway gives a client 20 seconds for its headers.
it('clients that send byte by byte do not delay others, and are disconnected', async () => {
  const gateway = closeAfterTest(await startTestGateway());
  const slow = await Promise.all(Array.from({ length: 300 }, () => openSocket(gateway.url)));
  let closed = 0;
  for (const socket of slow) {
    socket
      .on('error', () => undefined)
      .on('close', () => {
        closed += 1;
      });
    socket.resume().write('POST /graphql HTTP/1.1\r\nX-Slow: ');
  }
  const drip = setInterval(() => {
    for (const socket of slow) if (!socket.destroyed) socket.write('a');
  }, 500);
  cleanUp(() => clearInterval(drip));
  const { errors } = await gateway.query('{ company(searchKey: "sandbox:rows:4") { hasEndCases } }');
  // The answer came while every slow client was still connected.
  expect([errors, closed]).toEqual([undefined, 0]);
  await waitUntil(() => closed === slow.length, 'the gateway disconnects every slow client');
});
