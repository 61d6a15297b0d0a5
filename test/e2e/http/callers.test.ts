import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { ConfigError, parseConfig } from '../../../src/config/config.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

const digest = (key: string) => createHash('sha256').update(key).digest('hex');
const [READER, OFFICER, ROUTER] = ['reader-key-of-a-test', 'officer-key-of-a-test', 'router-key-of-a-test'];
const KEYS = [
  `reader:${digest(READER)}`,
  `officer:${digest(OFFICER)}:endcases:pii+usage:read`,
  `router:${digest(ROUTER)}:clients:delegate+federation:sdl`,
].join(',');
const CERTIFICATES =
  '{ company(searchKey: "sandbox:rows:2") { endCases(first: 2) { nodes { court detail { court certificateNo } } } } }';
const CHEAP = '{ company(searchKey: "sandbox:rows:2") { searchKey } }';

/** Asks as whoever has a credential. */
async function ask(
  setup: TestGateway,
  query: string,
  credential?: string,
  headers: Record<string, string> = {},
) {
  const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  const response = await setup.post({ query }, { headers: { ...authorization, ...headers } });
  return { status: response.status, headers: response.headers, body: await jsonOf(response) };
}

describe('callers with API keys', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway({ env: { AUTH_API_KEYS: KEYS, INTROSPECTION: 'off' } });
  });
  afterAll(() => setup.close());
  beforeEach(() => setup.sandbox.statistics.reset());

  it.each([
    ['none', {}],
    ['an unknown one', { authorization: 'Bearer stranger' }],
    ['another scheme', { authorization: `Basic ${READER}` }],
    ['no key', { authorization: 'Bearer ' }],
    ['a digest for its key', { authorization: `Bearer ${digest(READER)}` }],
  ])('are asked for one: with %s, 401', async (_, headers) => {
    const response = await setup.post({ query: CERTIFICATES }, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const { errors, extensions } = await jsonOf(response);
    expect(errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', retryable: false });
    expect(extensions.cost).toMatchObject({ billed: 0, maybeBilled: 0, orderNumbers: [] });
    expect(setup.sandbox.statistics.total.calls).toBe(0);
    expect([response.headers.get('x-cost-billed'), response.headers.get('cache-control')]).toEqual([
      '0',
      'no-store',
    ]);
  });

  it('may read once they are known', async () => {
    expect((await ask(setup, CHEAP, READER)).body).toMatchObject({
      data: { company: { searchKey: 'sandbox:rows:2' } },
    });
  });

  it('have a field refused whose scope they lack, which then counts as not selected', async () => {
    const dry = await ask(setup, CERTIFICATES, READER, { 'x-cost-dry-run': '1' });
    expect(dry.body.extensions.cost.estimate).toEqual({ min: 1, max: 1 });
    const { body } = await ask(setup, CERTIFICATES, READER);
    expect(body.data.company.endCases.nodes).toHaveLength(2);
    for (const node of body.data.company.endCases.nodes) {
      expect(node.detail).toEqual({ court: node.court, certificateNo: null });
    }
    expect(body.errors).toHaveLength(2);
    expect(body.errors[0]).toMatchObject({
      path: ['company', 'endCases', 'nodes', 0, 'detail', 'certificateNo'],
      extensions: { code: 'FORBIDDEN', retryable: false },
    });
    expect(setup.sandbox.statistics.GetDetail.calls).toBe(0);
    expect(body.extensions.cost).toMatchObject({ billed: 1, elided: 2 });

    const allowed = await ask(setup, CERTIFICATES, OFFICER);
    expect(allowed.body.errors).toBeUndefined();
    expect(allowed.body.data.company.endCases.nodes[0].detail.certificateNo).toEqual(expect.any(String));
    expect(setup.sandbox.statistics.GetDetail.calls).toBe(2);
    const held = await ask(setup, CERTIFICATES, READER);
    expect(held.body.data.company.endCases.nodes[0].detail.certificateNo).toBeNull();
  });

  it('are named in the ledger, and read it with usage:read alone', async () => {
    const usage = '{ usage(groupBy: CLIENT) { groups { key calls } } }';
    await ask(setup, '{ company(searchKey: "sandbox:rows:1") { hasEndCases } }', READER);
    const refused = await ask(setup, usage, READER);
    expect([refused.body.data, refused.body.errors[0].extensions.code]).toEqual([
      { usage: null },
      'FORBIDDEN',
    ]);
    const { groups } = (await ask(setup, usage, OFFICER)).body.data.usage;
    expect(groups).toContainEqual({ key: 'reader', calls: expect.any(Number) });
  });

  it('are shown the SDL with federation:sdl alone, where introspection is off', async () => {
    const sdl = '{ _service { sdl } }';
    expect((await ask(setup, sdl, READER)).body.errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await ask(setup, sdl, ROUTER)).body.data._service.sdl).toContain('type Company');
  });

  it('speak for a client with clients:delegate alone', async () => {
    const named = { 'x-client-name': 'shop-window' };
    const query = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    await ask(setup, query(11), ROUTER, named);
    await ask(setup, query(12), READER, named);
    const usage = await ask(setup, '{ usage(groupBy: CLIENT) { groups { key calls } } }', OFFICER);
    const { groups } = usage.body.data.usage;
    expect(groups).toContainEqual({ key: 'shop-window', calls: 1 });
    const nameless = await ask(setup, CHEAP, ROUTER, { 'x-client-name': ' ' });
    expect([nameless.status, nameless.body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('are named in the metrics', async () => {
    await ask(setup, CHEAP, READER);
    const text = await (await fetch(new URL('/metrics', setup.gateway.url))).text();
    expect(text).toMatch(/endcase_operations_total\{client="reader",outcome="ok"\} \d/);
    expect(text).toMatch(/endcase_billed_calls_total\{client="officer"\} \d/);
  });

  it('open the explorer without one outside production, and ask nothing with it', async () => {
    const open = await startTestGateway({ env: { AUTH_API_KEYS: KEYS } });
    const page = await fetch(open.gateway.url, { headers: { accept: 'text/html,*/*;q=0.1' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    const get = (accept: string) =>
      fetch(`${open.gateway.url}?query=${encodeURIComponent(CHEAP)}`, {
        headers: { accept, 'apollo-require-preflight': '1' },
      });
    expect((await get('application/json')).status).toBe(401);
    const asked = await get('application/json, text/html;q=0.1');
    expect([asked.status, (await jsonOf(asked)).errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    await open.close();
  });
});

describe('a budget and a rate', () => {
  it('are those of each client', async () => {
    const setup = await startTestGateway({
      env: { AUTH_API_KEYS: KEYS, BUDGET_PER_CLIENT_PER_DAY: '1', RATE_LIMIT_PER_CLIENT: '3/1h' },
    });
    const query = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    const first = await ask(setup, query(1), READER);
    expect(first.headers.get('ratelimit-policy')).toBe('"client";q=3;w=3600');
    expect(first.headers.get('ratelimit')).toMatch(/^"client";r=2;t=\d+$/);
    expect((await ask(setup, query(2), READER)).body.errors[0].extensions.code).toBe('BUDGET_EXCEEDED');
    expect((await ask(setup, query(2), OFFICER)).body.errors).toBeUndefined();
    await ask(setup, CHEAP, READER);
    const full = await ask(setup, CHEAP, READER);
    expect(full.status).toBe(429);
    expect(full.body.errors[0].extensions).toEqual({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfter: Number(full.headers.get('retry-after')),
    });
    expect(full.headers.get('ratelimit')).toMatch(/^"client";r=0;t=\d+$/);
    expect((await ask(setup, CHEAP, OFFICER)).status).toBe(200);
    await setup.close();
  });

  it('count together in instances that share a store, and begin anew with the next window', async () => {
    let time = Date.UTC(2026, 0, 1);
    const shared = { env: { RATE_LIMIT_PER_CLIENT: '2/1m' }, now: () => time };
    const one = await startTestGateway(shared);
    const other = await startTestGateway({ ...shared, folder: one.folder, upstream: one.sandbox });
    const statuses = async () => [(await ask(one, CHEAP)).status, (await ask(other, CHEAP)).status];
    expect([await statuses(), await statuses()]).toEqual([
      [200, 200],
      [429, 429],
    ]);
    time += 60_000;
    expect(await statuses()).toEqual([200, 200]);
    await other.close();
    await one.close();
  });
});

/** An issuer of tokens, whose keys change. */
async function startIssuer() {
  let keys: JWK[] = [];
  let down = false;
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (down) response.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    get asked() {
      return asked;
    },
    setDown: (value: boolean) => {
      down = value;
    },
    /** Signs with a new key alone. */
    async rotate(algorithm = 'ES256') {
      const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
      const kid = `key-${Math.random()}`;
      keys = [{ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' }];
      return (claims: Record<string, unknown> = {}, header: object = {}) =>
        new SignJWT({
          sub: 'alice',
          iss: 'https://issuer.example',
          aud: 'endcases',
          exp: Math.floor(Date.now() / 1000) + 60,
          ...claims,
        })
          .setProtectedHeader({ alg: algorithm, kid, ...header })
          .sign(privateKey);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('callers with tokens', () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let setup: TestGateway;
  let sign: Awaited<ReturnType<typeof issuer.rotate>>;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.close());
  beforeEach(async () => {
    issuer.setDown(false);
    sign = await issuer.rotate('RS256');
    setup = await startTestGateway({
      env: { AUTH_JWKS_URL: issuer.url, AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'endcases' },
    });
  });
  afterEach(() => setup.close());

  it('are known by their subject, with the scopes of the token', async () => {
    const certificates = await ask(setup, CERTIFICATES, await sign());
    expect(certificates.body.errors[0].extensions.code).toBe('FORBIDDEN');
    const token = await sign({ scope: 'openid endcases:pii usage:read' });
    expect((await ask(setup, CERTIFICATES, token)).body.errors).toBeUndefined();
    const usage = await ask(setup, '{ usage(groupBy: CLIENT) { groups { key } } }', token);
    expect(usage.body.data.usage.groups).toEqual([{ key: 'alice' }]);
  });

  it('are turned away with a token that is not good', async () => {
    const elsewhere = await startIssuer();
    const stranger = await elsewhere.rotate();
    await elsewhere.close();
    const good = await sign();
    expect((await ask(setup, CHEAP, good)).status).toBe(200);
    const [head, , signature] = good.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'bob', exp: 1e10 })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const symmetric = await new SignJWT({ sub: 'alice', iss: 'https://issuer.example', aud: 'endcases' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(Buffer.alloc(32, 1));
    const bad = {
      expired: await sign({ exp: Math.floor(Date.now() / 1000) - 60 }),
      endless: await sign({ exp: undefined }),
      early: await sign({ nbf: Math.floor(Date.now() / 1000) + 60 }),
      'of nobody': await sign({ sub: undefined }),
      'of a name that is none': await sign({ sub: 'alice\nbob' }),
      'of another issuer': await sign({ iss: 'https://other.example' }),
      'for another audience': await sign({ aud: 'elsewhere' }),
      'of another key': await stranger(),
      changed: `${head}.${claims}.${signature}`,
      unsigned: `${none}.${claims}.`,
      symmetric,
      'no token': 'a.b.c',
    };
    const statuses = await Promise.all(
      Object.entries(bad).map(async ([name, token]) => [name, (await ask(setup, CHEAP, token)).status]),
    );
    expect(statuses).toEqual(Object.keys(bad).map((name) => [name, 401]));
  });

  it('are known by new keys without a restart, and by old ones while the issuer is away', async () => {
    expect((await ask(setup, CHEAP, await sign())).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 600));
    sign = await issuer.rotate('ES256');
    expect((await ask(setup, CHEAP, await sign())).status).toBe(200);
    issuer.setDown(true);
    expect((await ask(setup, CHEAP, await sign({ sub: 'bob' }))).status).toBe(200);
  });

  it('wait where the keys have never been read', async () => {
    issuer.setDown(true);
    const token = await sign();
    const late = await startTestGateway({
      env: { AUTH_JWKS_URL: issuer.url, AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'endcases' },
    });
    const { status, headers, body } = await ask(late, CHEAP, token);
    expect([status, headers.get('retry-after'), body.errors[0].extensions.code]).toEqual([
      503,
      '5',
      'OVERLOADED',
    ]);
    issuer.setDown(false);
    await until(async () => (await ask(late, CHEAP, token)).status === 200);
    await late.close();
  });
});

describe('the configuration of callers', () => {
  const faultsOf = (env: Record<string, string>) => {
    try {
      parseConfig(env);
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.faults : [String(error)];
    }
  };

  it('is refused where it is no list of keys, and nothing of a key is told', () => {
    for (const keys of ['reader', 'reader:abc', `reader:${digest('x')}:admin`, `:${digest('x')}`]) {
      const [fault = '', ...more] = faultsOf({ AUTH_API_KEYS: keys });
      expect(fault).toMatch(/^AUTH_API_KEYS must hold name:sha256-of-key:scope\+scope/);
      expect(fault).not.toContain(digest('x').slice(0, 8));
      expect(more).toEqual([]);
    }
    const twice = `a:${digest('x')},b:${digest('x')}`;
    expect(faultsOf({ AUTH_API_KEYS: twice })[0]).toMatch(/every key to one name/);
    expect(faultsOf({ AUTH_API_KEYS: `a:${digest('x')},a:${digest('y')}` })).toEqual([]);
  });

  it('is refused where it is half a description of tokens, or says both all and some', () => {
    expect(faultsOf({ AUTH_JWKS_URL: 'https://issuer.example/jwks' })[0]).toMatch(
      /^AUTH_ISSUER and AUTH_AUDIENCE/,
    );
    expect(faultsOf({ AUTH: 'none', AUTH_API_KEYS: KEYS })[0]).toMatch(/^AUTH must not be none/);
    expect(faultsOf({ ADMIN_PORT: '4000' })[0]).toMatch(/^ADMIN_PORT must be another port/);
    expect(faultsOf({ RATE_LIMIT_PER_CLIENT: '600' })[0]).toMatch(/^RATE_LIMIT_PER_CLIENT must be/);
  });

  it('is required where others can reach it', () => {
    const exposed = { HOST: '0.0.0.0', QCC_KEY: 'k', QCC_SECRET_KEY: 's' };
    expect(faultsOf(exposed)[0]).toMatch(/^AUTH must be none/);
    expect(faultsOf({ ...exposed, AUTH: 'none' })).toEqual([]);
    expect(faultsOf({ ...exposed, AUTH_API_KEYS: KEYS })).toEqual([]);
  });
});
