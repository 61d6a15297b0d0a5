// Runs the sandbox in a process of its own. Usage: node upstream.mjs [LATENCY in ms]
// Prints the sandbox's URL and that of a proxy that signs calls, for servers that cannot: signing is not compared.
import { Agent, createServer, request } from 'node:http';
import { sign } from '../dist/qcc/signature.js';
import { SANDBOX_CREDENTIALS, startSandbox } from '../dist/sandbox/server.js';

const sandbox = await startSandbox({ latency: Number(process.argv[2] ?? 0) });
const { hostname, port, pathname } = new URL(sandbox.url);
const agent = new Agent({ keepAlive: true });
const proxy = createServer(({ url }, response) => {
  const { Token, Timespan } = sign(SANDBOX_CREDENTIALS);
  const options = { hostname, port, agent, path: pathname + url, headers: { Token, Timespan } };
  request(options, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  }).end();
});
proxy.listen(0, '127.0.0.1', () => console.log(`${sandbox.url} http://127.0.0.1:${proxy.address().port}`));
