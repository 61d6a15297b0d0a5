import { createServer } from 'node:http';
import { context, propagation, trace } from '@opentelemetry/api';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { SANDBOX_CREDENTIALS } from '../../../src/sandbox/server.js';
import { startTestGateway } from '../../support/gateway.js';
import { waitUntil } from '../../support/wait-until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

it('a request joins the trace of its traceparent, and no trace header goes upstream', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  const seen: string[] = [];
  const upstream = createServer((request, response) => {
    seen.push(JSON.stringify([request.url, request.rawHeaders]));
    response.end(JSON.stringify({ Status: '200', Result: { VerifyResult: 0, Data: null } }));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const address = upstream.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const gateway = await startTestGateway({ env: { QCC_BASE_URL: `http://127.0.0.1:${port}` } });
  try {
    const response = await gateway.post(
      { query: 'query Verify { company(searchKey: "某某公司") { hasEndCases } }' },
      {
        headers: {
          traceparent: `00-${TRACE}-${PARENT}-01`,
          tracestate: 'vendor=canary',
          baggage: 'who=canary',
        },
      },
    );
    expect(await response.json()).toMatchObject({ data: { company: { hasEndCases: false } } });
    await waitUntil(() => exporter.getFinishedSpans().length === 2);
    const [call, request] = exporter.getFinishedSpans();
    expect(request?.spanContext().traceId).toBe(TRACE);
    expect(request?.parentSpanContext?.spanId).toBe(PARENT);
    expect([request?.name, request?.attributes]).toEqual([
      'query',
      { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Verify' },
    ]);
    expect(call?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(call?.name).toBe('GET /EndExecuteCaseCheck/GetList');
    expect(call?.attributes).toMatchObject({ 'qcc.status': '200', 'http.request.method': 'GET' });
    expect(seen).toHaveLength(1);
    for (const trail of ['traceparent', 'tracestate', 'baggage', 'canary', TRACE]) {
      expect(seen[0]).not.toContain(trail);
    }
  } finally {
    await gateway.close();
    upstream.closeAllConnections();
    upstream.close();
    await provider.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  }
});

it("an SDK's instrumentation of undici sees no call to QCC, whose URL holds the key, and adds no header to it", async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  const instrumentation = new UndiciInstrumentation();
  instrumentation.setTracerProvider(provider);
  instrumentation.enable();
  const seen: string[] = [];
  const upstream = createServer((request, response) => {
    seen.push(JSON.stringify([request.url, request.rawHeaders]));
    response.end(JSON.stringify({ Status: '201', Result: null }));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const address = upstream.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const gateway = await startTestGateway({ env: { QCC_BASE_URL: `http://127.0.0.1:${port}` } });
  try {
    // The second call finds an open connection.
    for (const id of ['case-1', 'case-2']) await gateway.query(`{ endCase(id: "${id}") { court } }`);
    const spans = exporter.getFinishedSpans();
    const instrumented = spans.filter(({ instrumentationScope }) => /undici/.test(instrumentationScope.name));
    // The test's own requests to the gateway show that the instrumentation is at work.
    expect(instrumented.map(({ attributes }) => attributes['url.path'])).toEqual(['/graphql', '/graphql']);
    expect(spans.filter(({ name }) => name === 'GET /EndExecuteCaseCheck/GetDetail')).toHaveLength(2);
    const exported = JSON.stringify(spans.map(({ name, attributes, events }) => [name, attributes, events]));
    for (const secret of Object.values(SANDBOX_CREDENTIALS)) expect(exported).not.toContain(secret);
    expect(seen).toHaveLength(2);
    for (const call of seen) expect(call).not.toMatch(/traceparent|tracestate|baggage/i);
  } finally {
    instrumentation.disable();
    await gateway.close();
    upstream.closeAllConnections();
    upstream.close();
    await provider.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  }
});
