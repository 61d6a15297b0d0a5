import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { closeAfterTest } from '../../support/cleanup.js';
import { faultsOf } from '../../support/faults.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { waitUntil } from '../../support/wait-until.js';

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

/** Sends a query with a credential, if there is one. */
async function send(
  setup: TestGateway,
  query: string,
  credential?: string,
  headers: Record<string, string> = {},
) {
  const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  const response = await setup.post({ query }, { headers: { ...authorization, ...headers } });
  return { status: response.status, headers: response.headers, body: await jsonOf(response) };
}

describe('API keys', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway({ env: { AUTH_API_KEYS: KEYS, INTROSPECTION: 'off' } });
  });
  afterAll(() => setup.close());
  beforeEach(() => setup.sandbox.statistics.reset());

  /** What `/metrics` on PORT answers to a caller. */
  const metricsOf = async (key?: string) => {
    const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
    const response = await fetch(new URL('/metrics', setup.gateway.url), headers && { headers });
    return {
      status: response.status,
      challenge: response.headers.get('www-authenticate'),
      text: await response.text(),
    };
  };

  const unknown = 'Bearer error="invalid_token", error_description="The API key is not known."';
  const malformed =
    'Bearer error="invalid_token", error_description="An API key or a token must have visible ASCII characters only."';
  it.each([
    ['no credentials', {}, 'Bearer'],
    ['another scheme', { authorization: `Basic ${READER}` }, 'Bearer'],
    ['an empty key', { authorization: 'Bearer ' }, 'Bearer'],
    ['an unknown key', { authorization: 'Bearer stranger' }, unknown],
    ['the digest of a key', { authorization: `Bearer ${digest(READER)}` }, unknown],
    ['two keys', { authorization: `Bearer ${READER} ${OFFICER}` }, malformed],
  ])('are required: %s gives 401, and nothing is bought', async (_, headers, challenge) => {
    const response = await setup.post({ query: CERTIFICATES }, { headers });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, challenge]);
    const { errors, extensions } = await jsonOf(response);
    expect(errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', retryable: false });
    expect(extensions.cost).toMatchObject({ billed: 0, maybeBilled: 0, orderNumbers: [] });
    expect(setup.sandbox.statistics.total.calls).toBe(0);
    expect([response.headers.get('x-cost-billed'), response.headers.get('cache-control')]).toEqual([
      '0',
      'no-store',
    ]);
  });

  it('may have any visible ASCII character', async () => {
    const key = '~!"#$%&\'()*+,-./:;<=>?@[]^_`{|}';
    const open = await startTestGateway({ env: { AUTH_API_KEYS: `odd:${digest(key)}` } });
    expect((await send(open, CHEAP, key)).status).toBe(200);
    await open.close();
  });

  it('let a caller read', async () => {
    expect((await send(setup, CHEAP, READER)).body).toMatchObject({
      data: { company: { searchKey: 'sandbox:rows:2' } },
    });
  });

  it('refuse a field whose scope the caller lacks, which then counts as not selected', async () => {
    const dry = await send(setup, CERTIFICATES, READER, { 'x-cost-dry-run': '1' });
    expect(dry.body.extensions.cost.estimate).toEqual({ min: 1, max: 1 });
    const { body } = await send(setup, CERTIFICATES, READER);
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

    const allowed = await send(setup, CERTIFICATES, OFFICER);
    expect(allowed.body.errors).toBeUndefined();
    expect(allowed.body.data.company.endCases.nodes[0].detail.certificateNo).toEqual(expect.any(String));
    expect(setup.sandbox.statistics.GetDetail.calls).toBe(2);
    const cached = await send(setup, CERTIFICATES, READER);
    expect(cached.body.data.company.endCases.nodes[0].detail.certificateNo).toBeNull();
  });

  it('name the client in the ledger, which only a caller with usage:read may query', async () => {
    const usage = '{ usage(groupBy: CLIENT) { groups { key calls } } }';
    await send(setup, '{ company(searchKey: "sandbox:rows:1") { hasEndCases } }', READER);
    const refused = await send(setup, usage, READER);
    expect([refused.body.data, refused.body.errors[0].extensions.code]).toEqual([
      { usage: null },
      'FORBIDDEN',
    ]);
    const { groups } = (await send(setup, usage, OFFICER)).body.data.usage;
    expect(groups).toContainEqual({ key: 'reader', calls: expect.any(Number) });
  });

  it('give the SDL only to a caller with federation:sdl, where introspection is off', async () => {
    const sdl = '{ _service { sdl } }';
    expect((await send(setup, sdl, READER)).body.errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await send(setup, sdl, ROUTER)).body.data._service.sdl).toContain('type Company');
  });

  it('let only a caller with clients:delegate name another client', async () => {
    const named = { 'x-client-name': 'shop-window' };
    const query = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    await send(setup, query(11), ROUTER, named);
    await send(setup, query(12), READER, named);
    const usage = await send(setup, '{ usage(groupBy: CLIENT) { groups { key calls } } }', OFFICER);
    const { groups } = usage.body.data.usage;
    expect(groups).toContainEqual({ key: 'shop-window', calls: 1 });
    // The bytes of a header are Latin-1 in fetch, and what the caller sends is UTF-8.
    const utf8 = Buffer.from('橱窗').toString('latin1');
    await send(setup, query(13), ROUTER, { 'x-client-name': utf8 });
    const named2 = await send(setup, '{ usage(groupBy: CLIENT) { groups { key calls } } }', OFFICER);
    expect(named2.body.data.usage.groups).toContainEqual({ key: '橱窗', calls: 1 });
    const nameless = await send(setup, CHEAP, ROUTER, { 'x-client-name': ' ' });
    expect([nameless.status, nameless.body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('name the client in the metrics', async () => {
    await send(setup, CHEAP, READER);
    const { text } = await metricsOf(OFFICER);
    expect(text).toMatch(/endcase_operations_total\{client="reader",outcome="ok"\} \d/);
    expect(text).toMatch(/endcase_billed_calls_total\{client="officer"\} \d/);
  });

  it('guard /metrics on PORT: only a caller with usage:read may read it', async () => {
    const nobody = await metricsOf();
    expect([nobody.status, nobody.challenge]).toEqual([401, 'Bearer']);
    const reader = await metricsOf(READER);
    expect([reader.status, reader.challenge]).toEqual([
      403,
      'Bearer error="insufficient_scope", error_description="/metrics needs the scope usage:read.", scope="usage:read"',
    ]);
    for (const { text } of [nobody, reader]) expect(text).not.toContain('endcase_');
    expect((await metricsOf(OFFICER)).status).toBe(200);
    const separate = await startTestGateway({ env: { AUTH_API_KEYS: KEYS, ADMIN_PORT: '0' } });
    const open = await fetch(`${separate.gateway.adminUrl}/metrics`);
    expect([open.status, await open.text()]).toEqual([200, expect.stringContaining('endcase_store_up 1')]);
    await separate.close();
  });

  it('are not needed to open Apollo Sandbox outside production, but for every operation', async () => {
    const open = await startTestGateway({ env: { AUTH_API_KEYS: KEYS } });
    const page = await fetch(open.gateway.url, { headers: { accept: 'text/html,*/*;q=0.1' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    const get = (accept: string) =>
      fetch(`${open.gateway.url}?query=${encodeURIComponent(CHEAP)}`, {
        headers: { accept, 'apollo-require-preflight': '1' },
      });
    expect((await get('application/json')).status).toBe(401);
    const operation = await get('application/json, text/html;q=0.1');
    expect([operation.status, (await jsonOf(operation)).errors[0].extensions.code]).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(operation.headers.get('www-authenticate')).toBe('Bearer');
    await open.close();
  });

  it('are not asked for where none are configured, whatever the client accepts', async () => {
    const open = await startTestGateway();
    const response = await fetch(`${open.gateway.url}?query=${encodeURIComponent(CHEAP)}`, {
      headers: { accept: 'application/json, text/html;q=0.1', 'apollo-require-preflight': '1' },
    });
    expect([response.status, (await jsonOf(response)).errors]).toEqual([200, undefined]);
    await open.close();
  });
});

describe('an API key', () => {
  it('may be any visible ASCII, and no other text', async () => {
    const key = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
    const setup = closeAfterTest(
      await startTestGateway({ env: { AUTH_API_KEYS: `visible:${digest(key)}` } }),
    );
    expect((await send(setup, CHEAP, key)).status).toBe(200);
    expect((await send(setup, CHEAP, `${key.slice(0, 40)} ${key.slice(40)}`)).status).toBe(401);
  });
});

describe('the name of a client', () => {
  const nameOf = (text: string) => ({ 'x-client-name': Buffer.from(text).toString('latin1') });

  it('may be in UTF-8, and is cut to 200 characters', async () => {
    const setup = closeAfterTest(await startTestGateway());
    const query = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    await send(setup, query(1), undefined, nameOf('橱窗 – 上海'));
    await send(setup, query(2), undefined, nameOf('𠮷'.repeat(300)));
    await send(setup, query(2), undefined, nameOf('𠮷'.repeat(201)));
    const { data } = await setup.query('{ usage(groupBy: CLIENT) { groups { key calls cached } } }');
    expect(data.usage.groups).toEqual([
      { key: '橱窗 – 上海', calls: 1, cached: 0 },
      { key: '𠮷'.repeat(200), calls: 1, cached: 1 },
    ]);
    const latin1 = await send(setup, CHEAP, undefined, { 'x-client-name': 'caf\u00e9' });
    expect([latin1.status, latin1.body.errors[0].message]).toEqual([
      400,
      'The header x-client-name must be in UTF-8 or ASCII.',
    ]);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('may be %s', async (name) => {
    const setup = closeAfterTest(
      await startTestGateway({
        env: { RATE_LIMIT_PER_CLIENT: '2/1h', BUDGET_PER_CLIENT_PER_DAY: '1' },
      }),
    );
    const query = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    const responses = [];
    for (const rows of [1, 2, 3]) responses.push(await send(setup, query(rows), undefined, nameOf(name)));
    expect(responses.map(({ status, body }) => [status, body.errors?.[0]?.extensions.code])).toEqual([
      [200, undefined],
      [200, 'BUDGET_EXCEEDED'],
      [429, 'RATE_LIMITED'],
    ]);
    const { data } = await setup.query('{ usage(groupBy: CLIENT) { groups { key calls } } }');
    expect(data.usage.groups).toEqual([{ key: name, calls: 1 }]);
    const metrics = await (await fetch(new URL('/metrics', setup.url))).text();
    expect(metrics).toContain(`endcase_operations_total{client="${name}",outcome="ok"} 1`);
  });
});

describe('a budget and a rate limit', () => {
  it('apply to each client on its own', async () => {
    const setup = await startTestGateway({
      env: { AUTH_API_KEYS: KEYS, BUDGET_PER_CLIENT_PER_DAY: '1', RATE_LIMIT_PER_CLIENT: '3/1h' },
    });
    const query = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    const first = await send(setup, query(1), READER);
    expect(first.headers.get('ratelimit-policy')).toBe('"client";q=3;w=3600');
    expect(first.headers.get('ratelimit')).toMatch(/^"client";r=2;t=\d+$/);
    expect((await send(setup, query(2), READER)).body.errors[0].extensions.code).toBe('BUDGET_EXCEEDED');
    expect((await send(setup, query(2), OFFICER)).body.errors).toBeUndefined();
    await send(setup, CHEAP, READER);
    const full = await send(setup, CHEAP, READER);
    expect(full.status).toBe(429);
    expect(full.body.errors[0].extensions).toEqual({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfter: Number(full.headers.get('retry-after')),
    });
    expect(full.headers.get('ratelimit')).toMatch(/^"client";r=0;t=\d+$/);
    expect((await send(setup, CHEAP, OFFICER)).status).toBe(200);
    await setup.close();
  });

  it('are counted over all instances that share a store, and the rate limit resets with the next window', async () => {
    let time = Date.UTC(2026, 0, 1);
    const shared = { env: { RATE_LIMIT_PER_CLIENT: '2/1m' }, now: () => time };
    const one = await startTestGateway(shared);
    const other = await startTestGateway({ ...shared, folder: one.folder, upstream: one.sandbox });
    const statuses = async () => [(await send(one, CHEAP)).status, (await send(other, CHEAP)).status];
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

interface KeyOptions {
  /** Null: the key has none. */
  readonly kid?: string | null;
  /** Whether the other keys stay. */
  readonly add?: boolean;
}

/** `/metrics` of a gateway, as a caller with `usage:read` sees it. */
async function metricsOf({ url }: TestGateway, key: string): Promise<string> {
  const response = await fetch(new URL('/metrics', url), { headers: { authorization: `Bearer ${key}` } });
  return response.text();
}

/** A token issuer whose keys can be rotated. */
async function startIssuer() {
  let keys: JWK[] = [];
  let down = false;
  const server = createServer((_request, response) => {
    if (down) response.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    setDown: (value: boolean) => {
      down = value;
    },
    /** Replaces all keys by a new one, or adds it. Gives a function that signs tokens with it. */
    async rotate(algorithm = 'ES256', { kid = `key-${Math.random()}`, add = false }: KeyOptions = {}) {
      const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
      const name = kid === null ? {} : { kid };
      const key = { ...(await exportJWK(publicKey)), ...name, alg: algorithm, use: 'sig' };
      keys = add ? [...keys, key] : [key];
      return (claims: Record<string, unknown> = {}, header: object = {}) =>
        new SignJWT({
          sub: 'alice',
          iss: 'https://issuer.example',
          aud: 'endcases',
          exp: Math.floor(Date.now() / 1000) + 60,
          ...claims,
        })
          .setProtectedHeader({ alg: algorithm, ...name, ...header })
          .sign(privateKey);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('JWTs', () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let setup: TestGateway;
  let sign: Awaited<ReturnType<typeof issuer.rotate>>;
  const tokens = () => ({
    AUTH_JWKS_URL: issuer.url,
    AUTH_ISSUER: 'https://issuer.example',
    AUTH_AUDIENCE: 'endcases',
  });
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.close());
  beforeEach(async () => {
    issuer.setDown(false);
    sign = await issuer.rotate('RS256');
    setup = await startTestGateway({ env: tokens() });
  });
  afterEach(() => setup.close());

  it('name the caller by their subject, and grant the scopes of the token', async () => {
    const certificates = await send(setup, CERTIFICATES, await sign());
    expect(certificates.body.errors[0].extensions.code).toBe('FORBIDDEN');
    const token = await sign({ scope: 'openid endcases:pii usage:read' });
    expect((await send(setup, CERTIFICATES, token)).body.errors).toBeUndefined();
    const usage = await send(setup, '{ usage(groupBy: CLIENT) { groups { key } } }', token);
    expect(usage.body.data.usage.groups).toEqual([{ key: 'alice' }]);
  });

  it.each([
    ['without ids', null],
    ['with one id', 'the-key'],
  ])('are verified with each of several keys %s', async (_, kid) => {
    const signers = [
      await issuer.rotate('ES256', { kid }),
      await issuer.rotate('ES256', { kid, add: true }),
      await issuer.rotate('RS256', { kid, add: true }),
    ];
    const stranger = await startIssuer();
    const signWithOtherKey = await stranger.rotate('ES256', { kid });
    await stranger.close();
    const fresh = closeAfterTest(
      await startTestGateway({
        env: { AUTH_JWKS_URL: issuer.url, AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'endcases' },
      }),
    );
    const statusOf = async (token: string | undefined) => (await send(fresh, CHEAP, token)).status;
    for (const signer of signers) expect(await statusOf(await signer())).toBe(200);
    expect(await statusOf(await signWithOtherKey())).toBe(401);
    expect(await statusOf((await signers[1]?.({ aud: 'elsewhere' })) ?? '')).toBe(401);
  });

  it('are refused with 401 if they are not valid', async () => {
    const otherIssuer = await startIssuer();
    const signWithOtherKey = await otherIssuer.rotate();
    await otherIssuer.close();
    const good = await sign();
    expect((await send(setup, CHEAP, good)).status).toBe(200);
    const [head, , signature] = good.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'bob', exp: 1e10 })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const symmetric = await new SignJWT({ sub: 'alice', iss: 'https://issuer.example', aud: 'endcases' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(Buffer.alloc(32, 1));
    const oddNames = ['', ' ', 7, true, null, ['alice'], { name: 'alice' }];
    const nameOf = (sub: unknown) => `with ${JSON.stringify(sub)} as sub`;
    const mustBeName = 'The claim sub must be a string of 1 to 200 printable characters.';
    const bad: Record<string, string> = {
      expired: await sign({ exp: Math.floor(Date.now() / 1000) - 60 }),
      'without exp': await sign({ exp: undefined }),
      'not valid yet': await sign({ nbf: Math.floor(Date.now() / 1000) + 60 }),
      'without sub': await sign({ sub: undefined }),
      'with a line break in sub': await sign({ sub: 'alice\nbob' }),
      ...Object.fromEntries(
        await Promise.all(oddNames.map(async (sub) => [nameOf(sub), await sign({ sub })])),
      ),
      'of another issuer': await sign({ iss: 'https://other.example' }),
      'for another audience': await sign({ aud: 'elsewhere' }),
      'signed with another key': await signWithOtherKey(),
      altered: `${head}.${claims}.${signature}`,
      unsigned: `${none}.${claims}.`,
      'signed symmetrically': symmetric,
      'not a token': 'a.b.c',
    };
    const descriptions = {
      expired: 'The token has expired.',
      'without exp': 'The token lacks the claim exp.',
      'not valid yet': 'The token is not valid yet.',
      'without sub': 'The token lacks the claim sub.',
      'with a line break in sub': mustBeName,
      ...Object.fromEntries(oddNames.map((sub) => [nameOf(sub), mustBeName])),
      'of another issuer': 'The token is from another issuer.',
      'for another audience': 'The token is for another audience.',
      'signed with another key': 'The token is signed with a key that the issuer does not publish.',
      altered: 'The signature of the token is wrong.',
      unsigned: 'The token must have an asymmetric signature.',
      'signed symmetrically': 'The token must have an asymmetric signature.',
      'not a token': 'The credential is neither a known API key nor a JWT.',
    };
    expect(Object.keys(bad)).toEqual(Object.keys(descriptions));
    for (const [name, description] of Object.entries(descriptions)) {
      const { status, headers, body } = await send(setup, CHEAP, bad[name]);
      expect([name, status, headers.get('www-authenticate'), body.errors[0].message]).toEqual([
        name,
        401,
        `Bearer error="invalid_token", error_description="${description}"`,
        description,
      ]);
    }
  });

  it('name scopes and client in the claims that the configuration says', async () => {
    const env = { ...tokens(), AUTH_SCOPES_CLAIM: 'roles', AUTH_CLIENT_CLAIM: 'client_id' };
    const other = await startTestGateway({ env });
    const usage = '{ usage(groupBy: CLIENT) { groups { key } } }';
    for (const roles of [['viewer', 'usage:read'], 'viewer usage:read']) {
      const token = await sign({ client_id: 'shop', sub: undefined, scope: 'endcases:pii', roles });
      const { body } = await send(other, usage, token);
      expect(body.errors).toBeUndefined();
      await send(other, '{ company(searchKey: "sandbox:rows:5") { hasEndCases } }', token);
      expect((await send(other, usage, token)).body.data.usage.groups).toEqual([{ key: 'shop' }]);
      const certificates = await send(other, CERTIFICATES, token);
      expect(certificates.body.errors[0].extensions.code).toBe('FORBIDDEN');
    }
    for (const roles of [undefined, 7, { 'usage:read': true }, [['usage:read']]]) {
      const { body } = await send(other, usage, await sign({ client_id: 'shop', roles }));
      expect(body.errors[0].extensions.code).toBe('FORBIDDEN');
    }
    for (const client of ['', 7, ['shop'], null]) {
      const { status, headers } = await send(other, usage, await sign({ client_id: client }));
      expect([status, headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer error="invalid_token", error_description="The claim client_id must be a string of 1 to 200 printable characters."',
      ]);
    }
    await other.close();
  });

  it('have clients of their own: an API key of the same name is another client', async () => {
    const both = await startTestGateway({
      env: {
        ...tokens(),
        AUTH_API_KEYS: `alice:${digest(READER)}:usage:read`,
        BUDGET_PER_CLIENT_PER_DAY: '1',
        RATE_LIMIT_PER_CLIENT: '3/1h',
      },
    });
    const buy = (rows: number) => `{ company(searchKey: "sandbox:rows:${rows}") { hasEndCases } }`;
    const token = await sign();
    const codes = async (rows: number, credential: string) =>
      (await send(both, buy(rows), credential)).body.errors?.[0].extensions.code;
    expect([await codes(21, token), await codes(22, READER)]).toEqual([undefined, undefined]);
    expect([await codes(23, token), await codes(24, READER)]).toEqual(['BUDGET_EXCEEDED', 'BUDGET_EXCEEDED']);
    const { body, headers } = await send(both, '{ usage(groupBy: CLIENT) { groups { key calls } } }', READER);
    expect(body.data.usage.groups).toEqual([
      { key: 'alice', calls: 1 },
      { key: 'jwt:alice', calls: 1 },
    ]);
    expect(headers.get('ratelimit')).toMatch(/r=0;/);
    expect((await send(both, CHEAP, token)).headers.get('ratelimit')).toMatch(/r=0;/);
    // Nor can a token take that name.
    await send(both, CHEAP, await sign({ sub: 'jwt:alice' }));
    expect((await metricsOf(both, READER)).match(/client="jwt:[^"]+",outcome="ok"/g)?.sort()).toEqual([
      'client="jwt:alice",outcome="ok"',
      'client="jwt:jwt:alice",outcome="ok"',
    ]);
    await both.close();
  });

  it('are verified with rotated keys without a restart, and with known keys while the issuer is down', async () => {
    expect((await send(setup, CHEAP, await sign())).status).toBe(200);
    sign = await issuer.rotate('ES256');
    const rotated = await sign();
    // The gateway fetches the keys again at most twice a second.
    await waitUntil(async () => (await send(setup, CHEAP, rotated)).status === 200);
    issuer.setDown(true);
    expect((await send(setup, CHEAP, await sign({ sub: 'bob' }))).status).toBe(200);
  });

  it('give 503 until the keys of the issuer have been fetched', async () => {
    issuer.setDown(true);
    const token = await sign();
    const late = await startTestGateway({ env: tokens() });
    const { status, headers, body } = await send(late, CHEAP, token);
    expect([status, headers.get('retry-after'), body.errors[0].extensions.code]).toEqual([
      503,
      '5',
      'OVERLOADED',
    ]);
    issuer.setDown(false);
    await waitUntil(async () => (await send(late, CHEAP, token)).status === 200);
    await late.close();
  });
});

describe('the configuration of authentication', () => {
  it('is refused for a malformed list of keys, and the fault shows nothing of a key', () => {
    for (const keys of ['reader', 'reader:abc', `reader:${digest('x')}:admin`, `:${digest('x')}`]) {
      const [fault = '', ...more] = faultsOf({ AUTH_API_KEYS: keys });
      expect(fault).toMatch(/^AUTH_API_KEYS must hold name:sha256-of-key:scope\+scope/);
      expect(fault).not.toContain(digest('x').slice(0, 8));
      expect(more).toEqual([]);
    }
    const twice = `a:${digest('x')},b:${digest('x')}`;
    expect(faultsOf({ AUTH_API_KEYS: twice })[0]).toMatch(/must list each key once/);
    expect(faultsOf({ AUTH_API_KEYS: `a:${digest('x')},a:${digest('y')}` })).toEqual([]);
  });

  it('is refused if settings are missing or contradict each other', () => {
    expect(faultsOf({ AUTH_JWKS_URL: 'https://issuer.example/jwks' })[0]).toMatch(
      /^AUTH_ISSUER and AUTH_AUDIENCE/,
    );
    expect(faultsOf({ AUTH: 'none', AUTH_API_KEYS: KEYS })[0]).toMatch(/^AUTH must not be none/);
    expect(faultsOf({ ADMIN_PORT: '4000' })[0]).toMatch(/^ADMIN_PORT must differ from PORT/);
    expect(faultsOf({ RATE_LIMIT_PER_CLIENT: '600' })[0]).toMatch(/^RATE_LIMIT_PER_CLIENT must be/);
  });

  it('is required on a HOST that other machines can reach', () => {
    const exposed = { HOST: '0.0.0.0', QCC_KEY: 'k', QCC_SECRET_KEY: 's' };
    expect(faultsOf(exposed)[0]).toMatch(/^AUTH must be none/);
    expect(faultsOf({ ...exposed, AUTH: 'none' })).toEqual([]);
    expect(faultsOf({ ...exposed, AUTH_API_KEYS: KEYS })).toEqual([]);
  });
});
