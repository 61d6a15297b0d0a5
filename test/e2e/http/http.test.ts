import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

let setup: TestGateway;
beforeAll(async () => {
  setup = await startTestGateway();
});
afterAll(() => setup.close());

const COMPANY = '{ company(searchKey: "浙江省临海标准件工业公司") { searchKey } }';

describe('the server', () => {
  it('is healthy and ready', async () => {
    const health = await fetch(new URL('/healthz', setup.gateway.url));
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(new URL('/readyz', setup.gateway.url));
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ok', store: 'ok', ledger: 'ok', upstream: 'ok' },
    ]);
  });

  it('exports the calls made, the calls avoided and the state of the store as metrics', async () => {
    const query = '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }';
    for (const _ of [1, 2]) await setup.query(query);
    await setup.query('{ endCase(id: "sandbox:reset") { court } }');
    const response = await fetch(new URL('/metrics', setup.gateway.url));
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toContain('endcase_upstream_calls_total{method="GetList",status="200",billed="yes"} 1');
    expect(text).toContain('endcase_upstream_calls_total{method="GetDetail",status="none",billed="maybe"} 1');
    expect(text).toContain('endcase_calls_avoided_total{method="GetList",reason="cached"} 1');
    expect(text).toContain('endcase_store_up 1');
  });

  it('serves metrics only on ADMIN_PORT, where it is set', async () => {
    const separate = await startTestGateway({ env: { ADMIN_PORT: '0' } });
    expect((await fetch(new URL('/metrics', separate.gateway.url))).status).toBe(404);
    expect(await (await fetch(`${separate.gateway.adminUrl}/metrics`)).text()).toContain(
      'endcase_store_up 1',
    );
    await separate.close();
  });

  it("answers a browser's GET with Apollo Sandbox", async () => {
    const page = await fetch(setup.gateway.url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await page.text()).toContain('Apollo');
  });

  it('allows cross-origin requests only from loopback origins and Apollo Sandbox', async () => {
    const allowed = async (origin: string) =>
      (
        await setup.post({ query: COMPANY }, { headers: { origin, 'content-type': 'application/json' } })
      ).headers.get('access-control-allow-origin');
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('https://studio.apollographql.com')).toBe('https://studio.apollographql.com');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('http://localhost.evil.example')).toBeNull();
  });

  it('answers a body that is not GraphQL with the reason', async () => {
    const response = await setup.post({}, { body: '{"query":' });
    expect([response.status, (await jsonOf(response)).errors[0].extensions.code]).toEqual([
      400,
      'BAD_REQUEST',
    ]);
    const invalid = await setup.query('{ company { searchKey } }');
    expect(invalid.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', retryable: false });
  });

  it('has no introspection, no Apollo Sandbox and no field suggestions in production', async () => {
    const production = await startTestGateway({ env: { NODE_ENV: 'production' } });
    const introspected = await production.query('{ __schema { queryType { name } } }');
    expect(introspected.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const mistyped = await production.query('{ compani(searchKey: "ab") { searchKey } }');
    expect(mistyped.errors?.[0]?.message).not.toContain('company');
    const page = await fetch(production.gateway.url, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('Apollo');
    await production.close();
  });
});
