import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditResult, serverAudits } from 'graphql-http';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const COMPANY = '{ company(searchKey: "sandbox:rows:3") { searchKey } }';
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

describe('GraphQL over HTTP', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());

  const audits = serverAudits({ url: () => setup.gateway.url });

  it('is checked by all of its audits', () => {
    const levels = audits.map(({ name }) => name.split(' ')[0]);
    const count = (level: string) => levels.filter((one) => one === level).length;
    expect([count('MUST'), count('SHOULD'), count('MAY')]).toEqual([13, 23, 25]);
  });

  it.each(audits.map((audit): [string, () => Promise<AuditResult>] => [audit.name, async () => audit.fn()]))(
    '%s',
    async (name, audit) => {
      const result = await audit();
      if (name.startsWith('MAY')) return;
      expect(result).toMatchObject({ status: 'ok' });
    },
  );
});

describe('a request', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());

  const repeated = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index)).join(' ');
  const nested = (levels: number): string =>
    levels === 0
      ? 'endCases(first: 1) { nodes { id } }'
      : `endCases(first: 1) { nodes { detail { judgmentDebtor { company { ${nested(levels - 1)} } } } } }`;

  it.each([
    ['deep', `{ company(searchKey: "sandbox:rows:3") { ${nested(6)} } }`, /20 fields deep/],
    [
      'full of aliases',
      `{ ${repeated(501, (index) => `a${index}: ${COMPANY.slice(1, -1)}`)} }`,
      /500 aliases/,
    ],
    [
      'full of directives',
      `{ company(searchKey: "ab") { searchKey ${repeated(51, () => '@skip(if: false)')} } }`,
      /directives/,
    ],
    ['long', `{ company(searchKey: "ab") { ${repeated(10_001, () => 'keyNo')} } }`, /10000 tokens/],
  ])('that is too %s is refused before execution', async (_, query, message) => {
    const response = await setup.post(
      { query },
      { headers: { accept: 'application/graphql-response+json' } },
    );
    const { data, errors } = await jsonOf(response);
    expect([response.status, data]).toEqual([400, undefined]);
    expect(errors[0].message).toMatch(message);
    expect(errors[0].extensions.code).toMatch(/^GRAPHQL_(PARSE|VALIDATION)_FAILED$/);
    expect(setup.sandbox.statistics.total.calls).toBe(0);
  });

  it('for too many companies is refused as a whole', async () => {
    const keys = JSON.stringify(Array.from({ length: 101 }, (_, index) => `sandbox:rows:${index}`));
    const { data, errors } = await setup.query(
      `{ all: companies(searchKeys: ${keys}) { searchKey } company(searchKey: "sandbox:rows:3") { hasEndCases } }`,
    );
    expect([data, errors?.[0]?.path, errors?.[0]?.extensions.code]).toEqual([
      null,
      ['all'],
      'BAD_USER_INPUT',
    ]);
    expect(setup.sandbox.statistics.total.calls).toBe(0);
  });

  it.each([
    ['larger than 1 MB', JSON.stringify({ query: COMPANY, pad: 'x'.repeat(1024 * 1024) }), 413],
    ['a batch', JSON.stringify([{ query: COMPANY }, { query: COMPANY }]), 400],
    ['no JSON', '{"query":', 400],
  ])('that is %s is refused', async (_, body, status) => {
    const response = await setup.post({}, { body });
    expect([response.status, (await jsonOf(response)).errors[0].extensions.code]).toEqual([
      status,
      'BAD_REQUEST',
    ]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'with a content type that an HTML form of another site can send (%s) is refused',
    async (type) => {
      const response = await setup.post({ query: COMPANY }, { headers: { 'content-type': type } });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    },
  );

  it('by GET needs a header that other sites cannot send', async () => {
    const url = `${setup.gateway.url}?query=${encodeURIComponent(COMPANY)}`;
    expect((await fetch(url)).status).toBe(400);
    const asked = await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect((await jsonOf(asked)).data.company).toEqual({ searchKey: 'sandbox:rows:3' });
  });

  it('is identified by its request id, if that is a valid one', async () => {
    const named = await setup.post({ query: COMPANY }, { headers: { 'x-request-id': 'mine-1' } });
    expect(named.headers.get('x-request-id')).toBe('mine-1');
    const forged = await setup.post({ query: COMPANY }, { headers: { 'x-request-id': 'a b"c' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('persisted operations', () => {
  const byHash = (setup: TestGateway, sha256Hash: string, query?: string) =>
    setup.post({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } });
  const codeOf = async (response: Response) => (await jsonOf(response)).errors?.[0]?.extensions.code;

  it('are found by their hash, unless they are off', async () => {
    const [on, off] = [
      await startTestGateway(),
      await startTestGateway({ env: { PERSISTED_OPERATIONS: 'off' } }),
    ];
    expect(await codeOf(await byHash(on, digest(COMPANY)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    await byHash(on, digest(COMPANY), COMPANY);
    expect((await jsonOf(await byHash(on, digest(COMPANY)))).data).toBeTruthy();
    expect(await codeOf(await byHash(off, digest(COMPANY), COMPANY))).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
    await on.close();
    await off.close();
  });

  it.each([
    [
      'of Apollo Client',
      {
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: 'the-id', name: 'C', type: 'query', body: COMPANY }],
      },
    ],
    ['of documents by id', { 'the-id': COMPANY }],
  ])('are only those of a safelist, given as a manifest %s', async (_, manifest) => {
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    const file = join(folder, 'manifest.json');
    writeFileSync(file, `\ufeff${JSON.stringify(manifest)}`);
    const setup = await startTestGateway({
      env: { PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: file },
    });
    expect((await jsonOf(await byHash(setup, 'the-id'))).data).toBeTruthy();
    expect((await setup.query(COMPANY)).data).toBeTruthy();
    const other = '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }';
    expect(await codeOf(await byHash(setup, digest(other)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    for (const response of [await byHash(setup, digest(other), other), await setup.post({ query: other })]) {
      expect([response.status, await codeOf(response)]).toEqual([200, 'BAD_USER_INPUT']);
    }
    expect(await codeOf(await byHash(setup, digest(other)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(setup.sandbox.statistics.total.calls).toBe(0);
    await setup.close();
    rmSync(folder, { recursive: true });
  });

  it('need a valid manifest', async () => {
    const start = (file: string) =>
      startTestGateway({ env: { PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: file } });
    await expect(start('/nowhere/manifest.json')).rejects.toThrow(/PERSISTED_OPERATIONS_FILE .* ENOENT/);
    await expect(start(__filename)).rejects.toThrow(/must hold an apollo-persisted-query-manifest/);
    await expect(startTestGateway({ env: { PERSISTED_OPERATIONS: 'only' } })).rejects.toThrow(
      /must be set together/,
    );
  });
});
