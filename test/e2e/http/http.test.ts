import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

let setup: TestGateway;
beforeAll(async () => {
  setup = await startTestGateway();
});
afterAll(() => setup.close());

const COMPANY = '{ company(searchKey: "浙江省临海标准件工业公司") { searchKey } }';

describe('the server', () => {
  it('is up and ready', async () => {
    const health = await fetch(new URL('/healthz', setup.gateway.url));
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(new URL('/readyz', setup.gateway.url));
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', store: 'ok', upstream: 'ok' }]);
  });

  it('tells Prometheus what was bought, what was spared, and that the store is there', async () => {
    const query = '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }';
    for (const _ of [1, 2]) await setup.query(query);
    await setup.query('{ endCase(id: "sandbox:reset") { court } }');
    const response = await fetch(new URL('/metrics', setup.gateway.url));
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text).toContain('endcase_upstream_calls_total{method="GetList",status="200",billed="yes"} 1');
    expect(text).toContain('endcase_upstream_calls_total{method="GetDetail",status="none",billed="maybe"} 1');
    expect(text).toContain('endcase_answers_spared_total{method="GetList",how="cached"} 1');
    expect(text).toContain('endcase_store_up 1');
  });

  it('serves metrics on ADMIN_PORT alone, where that is set', async () => {
    const apart = await startTestGateway({ env: { ADMIN_PORT: '0' } });
    expect((await fetch(new URL('/metrics', apart.gateway.url))).status).toBe(404);
    expect(await (await fetch(`${apart.gateway.adminUrl}/metrics`)).text()).toContain('endcase_store_up 1');
    await apart.close();
  });

  it("gives Apollo Sandbox to a browser's GET", async () => {
    const page = await fetch(setup.gateway.url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(await page.text()).toContain('Apollo');
  });

  it('lets pages of this machine and Apollo Sandbox read answers, and no others', async () => {
    const allowed = async (origin: string) =>
      (
        await setup.post({ query: COMPANY }, { headers: { origin, 'content-type': 'application/json' } })
      ).headers.get('access-control-allow-origin');
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('https://studio.apollographql.com')).toBe('https://studio.apollographql.com');
    expect(await allowed('https://evil.example')).toBeNull();
    expect(await allowed('http://localhost.evil.example')).toBeNull();
  });

  it('says what is wrong with a body that is no GraphQL', async () => {
    const response = await setup.post({}, { body: '{"query":' });
    expect([response.status, (await jsonOf(response)).errors[0].extensions.code]).toEqual([
      400,
      'BAD_REQUEST',
    ]);
    const invalid = await setup.query('{ company { searchKey } }');
    expect(invalid.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED', retryable: false });
  });

  it('hides its schema, its explorer and its suggestions in production', async () => {
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

describe('concurrency', () => {
  it('is capped, and a long list starves nobody', async () => {
    const capped = await startTestGateway({ env: { QCC_MAX_CONCURRENCY: '2' }, latency: 20 });
    let shortDone = 0;
    const long = capped
      .query(
        '{ company(searchKey: "sandbox:rows:60") { endCases(first: 60) { nodes { detail { certificateNo } } } } }',
      )
      .then(() => Date.now());
    await new Promise((resolve) => setTimeout(resolve, 150));
    await capped.query('{ endCase(id: "68d0c45d6ce6115c340e31674b45cd62") { court } }');
    shortDone = capped.sandbox.statistics.GetDetail.calls;
    await long;
    expect(capped.sandbox.statistics.GetDetail.calls).toBe(61);
    expect(shortDone).toBeLessThan(30);
    await capped.close();
  });

  it('stops buying soon after the caller has gone', async () => {
    const capped = await startTestGateway({ env: { QCC_MAX_CONCURRENCY: '2' }, latency: 30 });
    const gone = new AbortController();
    const asked = capped.post(
      {
        query:
          '{ company(searchKey: "sandbox:rows:60") { endCases(first: 60) { nodes { detail { certificateNo } } } } }',
      },
      { signal: gone.signal },
    );
    await new Promise((resolve) => setTimeout(resolve, 250));
    gone.abort();
    await expect(asked).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stoppedAt = capped.sandbox.statistics.total.calls;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(capped.sandbox.statistics.total.calls).toBe(stoppedAt);
    expect(stoppedAt).toBeLessThan(40);
    await capped.close();
  });
});
