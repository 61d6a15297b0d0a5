import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { startTestGateway } from '../../support/gateway.js';
import { type Running, run, runToEnd, stop, urlIn } from '../../support/process.js';

/** Texts that must not appear anywhere. The key has characters that a URL escapes. */
const KEY = 'canary+key/of=qcc';
const SECRET = 'canary-secret-of-qcc';
const API_KEY = 'canary-api-key-of-a-caller';
const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canarysignature';
const IDENTITY = '11010519491231002X';
const CERTIFICATE = '14796919-0';
const seeded = [KEY, encodeURIComponent(KEY), SECRET, API_KEY, JWT, IDENTITY, CERTIFICATE];

/** An upstream that repeats every part of a request wherever its answer has room for text. */
async function startEcho() {
  const tokens = new Set<string>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'http://upstream');
    const about = url.searchParams.get('searchKey') ?? url.searchParams.get('id') ?? '';
    tokens.add(String(request.headers.token));
    // The gateway cuts messages to a length, so each canary comes first in one of the answers.
    const parts = [
      request.url,
      decodeURIComponent(request.url ?? ''),
      SECRET,
      request.headers.token,
      String(request.headers.token).toLowerCase(),
      IDENTITY,
      CERTIFICATE,
    ];
    const first = Number(/\d/.exec(about)?.[0] ?? 0);
    const echo = [...parts.slice(first), ...parts.slice(0, first)].join(' ');
    const token = String(request.headers.token);
    const credentials = [KEY, encodeURIComponent(KEY), SECRET, token, token.toLowerCase()].join(' ');
    const json = (body: object) => {
      response.setHeader('content-type', 'application/json').setHeader('x-echo', encodeURIComponent(echo));
      response.end(JSON.stringify({ OrderNumber: 'N1', Message: echo, ...body }));
    };
    const row = { Id: 'case-1', CaseNo: '(2018)浙1082执2303号', Court: credentials, ExecuteSubject: echo };
    if (about.includes('refused')) return json({ Status: '203' });
    if (about.includes('unknown')) return json({ Status: echo.slice(0, 150) });
    if (about.includes('shape')) return json({ Status: '200', Result: echo });
    if (about.includes('html')) return response.end(`<html>${echo}</html>`);
    if (about.includes('error')) return response.writeHead(500).end(echo);
    if (about.includes('redirect'))
      return response.writeHead(302, { location: `/?${encodeURIComponent(echo)}` }).end();
    if (about.includes('reset')) return request.socket.resetAndDestroy();
    if (url.pathname.endsWith('GetDetail')) {
      return json({
        Status: '200',
        Result: { ...row, CerNo: CERTIFICATE, OwnerInfo: { Name: '某某', KeyNo: `p${'0'.repeat(31)}` } },
      });
    }
    return json({
      Status: '200',
      Paging: { PageSize: 20, PageIndex: 1, TotalRecords: 1 },
      Result: { VerifyResult: 1, Data: [row] },
    });
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const FAULTS = ['unknown', 'shape', 'html', 'error', 'redirect', 'reset'];
const QUERIES = [
  ...[...[0, 1, 2, 3, 4, 5, 6].map((part) => `refused ${part}`), ...FAULTS].flatMap((name) => [
    `{ company(searchKey: "公司 ${name}") { hasEndCases } }`,
    `{ endCase(id: "${name}") { court } }`,
  ]),
  '{ company(searchKey: "公司 rows") { endCases { nodes { caseNo court enforcementAmount detail { certificateNo judgmentDebtor { name } } } } } }',
  `query Find { endCase(id: "${IDENTITY}") { court } }`,
  `{ company(searchKey: "${IDENTITY}") { hasEndCases } }`,
  `{ endCase(id: "${KEY}${'x'.repeat(40)}") { court } }`,
  '{ company(searchKey: 12) { searchKey } }',
  '{ nothing }',
  '{',
];

/** Sends every query with every credential. Resolves with all that a caller without `endcases:pii` can read. */
async function provoke(url: string): Promise<string> {
  const ask = async (query: string, credential: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
      body: JSON.stringify({ query }),
    });
    return `${JSON.stringify([...response.headers])}\n${await response.text()}`;
  };
  const responses: string[] = [];
  for (const credential of [API_KEY, JWT, `${API_KEY}x`, '']) {
    // At once: five failures one after the other would stop the calls that follow.
    responses.push(...(await Promise.all(QUERIES.map((query) => ask(query, credential)))));
  }
  for (const path of ['/metrics', '/readyz', '/healthz']) {
    const headers = { authorization: `Bearer ${API_KEY}` };
    responses.push(await (await fetch(new URL(path, url), { headers })).text());
  }
  return responses.join('\n');
}

/** An amount that is not a number is returned as QCC sent it, in `raw`: a caller may read personal data there. */
const withoutRaw = (text: string) => text.replaceAll(/"raw":"(?:[^"\\]|\\.)*"/g, '"raw":""');

describe('secrets and personal data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  const apiKeys = `reader:${createHash('sha256').update(API_KEY).digest('hex')}:usage:read`;
  let echo: Awaited<ReturnType<typeof startEcho>>;
  let env: Record<string, string>;
  beforeAll(async () => {
    echo = await startEcho();
    env = {
      PORT: '0',
      LOG_LEVEL: 'trace',
      QCC_KEY: KEY,
      QCC_SECRET_KEY: SECRET,
      QCC_BASE_URL: echo.url,
      DATA_DIR: folder,
      AUTH_API_KEYS: apiKeys,
    };
  });
  afterAll(() => {
    echo.close();
    rmSync(folder, { recursive: true });
  });

  const canaries = () => [...seeded, ...echo.tokens, ...[...echo.tokens].map((token) => token.toLowerCase())];
  const foundIn = (text: string) => canaries().filter((canary) => text.includes(canary));

  it('appear in no response, log line, metric or export, at any log level', async () => {
    const running: Running = run(env);
    const responses = await provoke(await urlIn(running));
    await stop(running);
    const ledger = await runToEnd(env, 'ledger', 'export');
    expect(running.output()).toContain('"msg":"upstream call"');
    expect(running.output()).toContain('"msg":"operation"');
    expect(ledger.output.split('\n').length).toBeGreaterThan(10);
    expect(responses).toContain('UPSTREAM_FAILURE');
    expect(responses).toContain('endcase_upstream_calls_total');
    expect(echo.tokens.size).toBeGreaterThan(0);
    expect(foundIn(running.output())).toEqual([]);
    expect(foundIn(ledger.output)).toEqual([]);
    // Values are shown as QCC sent them, except for secrets.
    const personal = [IDENTITY, CERTIFICATE];
    expect(foundIn(responses).filter((canary) => !personal.includes(canary))).toEqual([]);
    expect(foundIn(withoutRaw(responses))).toEqual([]);
  });

  it('appear in no span', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    provider.register();
    const { LOG_LEVEL, DATA_DIR, ...rest } = env;
    const gateway = await startTestGateway({ env: rest });
    await provoke(gateway.url);
    await gateway.close();
    const spans = exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status }) => JSON.stringify({ name, attributes, events, status }));
    await provider.shutdown();
    expect(spans.length).toBeGreaterThan(20);
    expect(foundIn(spans.join('\n'))).toEqual([]);
  });
});
