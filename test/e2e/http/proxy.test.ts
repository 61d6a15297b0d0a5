import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';

/** Starts a proxy in front of a gateway. @param host the `Host` that it sends; undefined: that of the client */
async function startProxy(gatewayUrl: string, host: string | undefined): Promise<string> {
  const { hostname, port } = new URL(gatewayUrl);
  const proxy = createServer((incoming, response) => {
    const headers = { ...incoming.headers, host: host ?? incoming.headers.host };
    const { method, url: path } = incoming;
    const outgoing = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanUp(() => proxy.close());
  const address = proxy.address();
  if (address === null || typeof address !== 'object') throw new TypeError('the proxy has no port');
  return `http://127.0.0.1:${address.port}/graphql`;
}

/** Sends a query as a client of the public name would. */
async function ask(url: string): Promise<{ status: number; body: string }> {
  const { hostname, port, pathname } = new URL(url);
  const request = httpRequest({
    hostname,
    port,
    path: pathname,
    method: 'POST',
    headers: { host: 'endcase.example.com', 'content-type': 'application/json' },
  });
  request.end(JSON.stringify({ query: '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }' }));
  const [response] = await once(request, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body };
}

describe('behind a proxy, a gateway on a loopback HOST', () => {
  it('serves what the proxy sends with a loopback Host', async () => {
    const gateway = closeAfterTest(await startTestGateway());
    const { status, body } = await ask(await startProxy(gateway.url, 'localhost'));
    expect([status, JSON.parse(body).data]).toEqual([200, { company: { hasEndCases: true } }]);
  });

  it('answers 421 if the proxy passes the public Host on, and says what to set', async () => {
    const gateway = closeAfterTest(await startTestGateway());
    const { status, body } = await ask(await startProxy(gateway.url, undefined));
    expect([status, JSON.parse(body).errors[0].message]).toEqual([421, expect.stringContaining('set HOST')]);
  });
});

it('behind a proxy, a gateway on another HOST serves the public Host', async () => {
  const gateway = closeAfterTest(await startTestGateway({ env: { HOST: '0.0.0.0', AUTH: 'none' } }));
  const url = await startProxy(gateway.url.replace('0.0.0.0', '127.0.0.1'), undefined);
  expect((await ask(url)).status).toBe(200);
});
