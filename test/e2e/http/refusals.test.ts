import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const KEY = 'key-of-the-test-of-refusals';
const BUYS = '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }';
const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
const PREFLIGHTED = { 'apollo-require-preflight': '1' };
const withQuery = (query: string) => `?query=${encodeURIComponent(query)}`;

describe('a refusal of /graphql', () => {
  let open: TestGateway;
  let closed: TestGateway;
  beforeAll(async () => {
    open = await startTestGateway();
    closed = await startTestGateway({
      env: { AUTH_API_KEYS: `one:${digest(KEY)}`, RATE_LIMIT_PER_CLIENT: '1/1h' },
    });
  });
  afterAll(() => Promise.all([open.close(), closed.close()]));

  const bearer = { authorization: `Bearer ${KEY}` };
  const post = (body: unknown, headers: Record<string, string> = {}) => ({
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': JSON_TYPE, ...headers },
  });
  const REFUSALS: [title: string, status: number, init: RequestInit, search?: string][] = [
    ['a batch', 400, post([{ query: BUYS }])],
    ['no query', 400, post({})],
    ['a body that is not JSON', 400, post("{'query': 1}")],
    ['a body that is too large', 413, post({ query: BUYS, pad: 'x'.repeat(1024 * 1024) })],
    ['plain text', 415, post(BUYS, { 'content-type': 'text/plain' })],
    ['a content type of GET', 415, { headers: { 'content-type': 'application/xml' } }, withQuery(BUYS)],
    ['a simple GET', 400, {}, withQuery(BUYS)],
    ['an Accept without JSON', 406, post({ query: BUYS }, { accept: 'text/plain' })],
    [
      'a wrong hash',
      400,
      post({ query: BUYS, extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }),
    ],
    ['another path', 404, post({ query: BUYS }), '/other'],
    ...['PUT', 'PATCH', 'DELETE'].map((method): [string, number, RequestInit] => [
      method,
      405,
      { ...post({ query: BUYS }), method },
    ]),
    ['HEAD', 405, { method: 'HEAD', headers: PREFLIGHTED }, withQuery(BUYS)],
  ];

  it.each(REFUSALS)(
    '%s says that it cost nothing, and buys nothing',
    async (_, status, init, search = '') => {
      const response = await fetch(open.url + search, init);
      expect(response.status).toBe(status);
      await expectUnbilled(response);
      expect(open.sandbox.statistics.total.calls).toBe(0);
    },
  );

  it('for want of a key or beyond the rate limit says so too', async () => {
    for (const [headers, status] of [
      [{}, 401],
      [bearer, 200],
      [bearer, 429],
    ] as const) {
      const response = await closed.post({ query: '{ __typename }' }, { headers });
      expect(response.status).toBe(status);
      await expectUnbilled(response);
    }
  });

  it('of another method says which ones are allowed', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) {
      const response = await fetch(open.url, { method });
      expect([method, response.headers.get('allow')]).toEqual([method, 'GET, POST, OPTIONS']);
    }
  });

  it('has the media type that the client accepts', async () => {
    const response = await open.post([{ query: BUYS }], { headers: { accept: GRAPHQL_TYPE } });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      400,
      `${GRAPHQL_TYPE}; charset=utf-8`,
    ]);
  });
});

async function expectUnbilled(response: Response): Promise<void> {
  const headers = ['x-cost-billed', 'x-cost-maybe-billed', 'cache-control'].map((name) =>
    response.headers.get(name),
  );
  expect(headers).toEqual(['0', '0', 'no-store']);
  const text = await response.text();
  if (text === '') return;
  const { errors = [], extensions } = JSON.parse(text);
  expect(extensions.cost).toMatchObject({ billed: 0, maybeBilled: 0 });
  for (const error of errors) expect(error.message).not.toBe('');
}

describe('the status and the media type of a response', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());

  const INVALID: [title: string, body: object][] = [
    ['a parse error', { query: '{' }],
    ['a validation error', { query: '{ nothing }' }],
    ['a mutation', { query: 'mutation { x }' }],
    ['an unknown operation', { query: 'query A { __typename }', operationName: 'B' }],
    ['a bad variable', { query: 'query ($key: String!) { company(searchKey: $key) { keyNo } }' }],
  ];
  const ACCEPTED: [accept: string, type: string, status: number][] = [
    ['application/json, application/graphql-response+json', JSON_TYPE, 200],
    ['application/graphql-response+json, application/json;q=0.9', GRAPHQL_TYPE, 400],
    ['application/json;q=0.9, application/graphql-response+json;q=0.5', JSON_TYPE, 200],
    ['application/json, application/graphql-response+json;q=0', JSON_TYPE, 200],
    ['application/graphql-response+json;charset=UTF-8', GRAPHQL_TYPE, 400],
    ['*/*', JSON_TYPE, 200],
    ['', JSON_TYPE, 200],
  ];

  it.each(INVALID)('agree for %s, whatever is accepted', async (_, body) => {
    for (const [accept, type, status] of ACCEPTED) {
      const response = await setup.post(body, { headers: { accept } });
      expect([accept, response.status, response.headers.get('content-type')]).toEqual([
        accept,
        status,
        `${type}; charset=utf-8`,
      ]);
    }
  });

  it('are those of GraphQL for an API client that lists text/html, and a page for a browser', async () => {
    const get = async (accept: string, search: string, headers: Record<string, string> = {}) => {
      const response = await fetch(setup.url + search, { headers: { accept, ...PREFLIGHTED, ...headers } });
      return [response.status, response.headers.get('content-type')?.split(';')[0]];
    };
    const chrome = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    expect(await get(chrome, '')).toEqual([200, 'text/html']);
    const query = withQuery('{ __typename }');
    for (const accept of ['application/json, text/html;q=0.5', 'application/json, text/html', chrome]) {
      expect([accept, ...(await get(accept, query))]).toEqual([accept, 200, JSON_TYPE]);
    }
    expect(await get(chrome, '', { authorization: 'Bearer x' })).toEqual([400, JSON_TYPE]);
    expect(await get('application/json, text/html', '')).toEqual([400, JSON_TYPE]);
  });

  it('need a Host of this machine, or none, where the gateway listens on it alone', async () => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const send = (version: string, host: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(setup.url).port), '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
        socket.end(
          `POST /graphql HTTP/${version}\r\n${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
      });
    for (const host of [
      'localhost:4000',
      'LOCALHOST',
      'a.localhost',
      '127.0.0.1',
      '127.9.9.9:1',
      '[::1]:4000',
    ]) {
      expect(await send('1.1', `Host: ${host}\r\n`)).toMatch(/^HTTP\/1.1 200 /);
    }
    for (const host of ['[', 'evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '10.0.0.1', '']) {
      expect(await send('1.1', `Host: ${host}\r\n`)).toMatch(/^HTTP\/1.1 421 .*x-cost-billed: 0.*set HOST/s);
    }
    expect(await send('1.0', '')).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('a dry run', () => {
  it('is asked for by 1 or true, and any other value than 0 is an error that buys nothing', async () => {
    const setup = await startTestGateway();
    const codeOf = async (value: string) => {
      const response = await setup.post({ query: BUYS }, { headers: { 'x-cost-dry-run': value } });
      return (await jsonOf(response)).errors?.[0].extensions.code;
    };
    for (const value of ['1', 'true']) expect(await codeOf(value)).toBe('DRY_RUN');
    for (const value of ['', 'yes', 'false', '1, 1']) expect(await codeOf(value)).toBe('BAD_USER_INPUT');
    expect(setup.sandbox.statistics.total.calls).toBe(0);
    expect(await codeOf('0')).toBeUndefined();
    expect(setup.sandbox.statistics.total.calls).toBe(1);
    await setup.close();
  });
});
