// QCC's stand-in in a process of its own. Usage: node upstream.mjs [LATENCY in ms]
// Prints its URL, and that of a door that signs: some servers cannot sign a call, which is no part of what is compared.
import { Agent, createServer, request } from 'node:http';
import { sign } from '../dist/qcc/signature.js';
import { SANDBOX_CREDENTIALS, startSandbox } from '../dist/sandbox/server.js';

const sandbox = await startSandbox({ latency: Number(process.argv[2] ?? 0) });
const { hostname, port, pathname } = new URL(sandbox.url);
const agent = new Agent({ keepAlive: true });
const door = createServer((asked, reply) => {
  const { Token, Timespan } = sign(SANDBOX_CREDENTIALS);
  const options = { hostname, port, agent, path: pathname + asked.url, headers: { Token, Timespan } };
  request(options, (answer) => {
    reply.writeHead(answer.statusCode, answer.headers);
    answer.pipe(reply);
  }).end();
});
door.listen(0, '127.0.0.1', () => console.log(`${sandbox.url} http://127.0.0.1:${door.address().port}`));
