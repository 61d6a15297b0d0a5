import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../src/sandbox/server.js';
import { type Data, jsonOf } from '../../support/gateway.js';
import { envFor, run, stop, urlIn } from '../../support/process.js';
import { waitUntil } from '../../support/wait-until.js';

describe('the log', () => {
  it('has a line for each operation and each upstream call, with the request id', async () => {
    const sandbox = await startSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    const running = run({
      ...envFor(sandbox, folder),
      LOG_LEVEL: 'debug',
      QCC_PRICE_GETLIST: '1',
      QCC_PRICE_GETDETAIL: '0.5',
    });
    const url = await urlIn(running);
    const query =
      'query Debtors { company(searchKey: "sandbox:details:status:203") { endCases { nodes { detail { certificateNo } } } } }';
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'of-this-test',
        'x-client-name': 'shop',
      },
      body: JSON.stringify({ query }),
    });
    const { errors } = await jsonOf(response);
    const lines = await waitUntil(() => {
      const all = linesOf(running.output());
      return all.some(({ msg }) => msg === 'operation') ? all : undefined;
    });
    const exit = once(running.child, 'exit');
    running.child.kill('SIGKILL');
    await exit;
    await sandbox.close();
    rmSync(folder, { recursive: true });

    const calls = lines.filter(({ msg }) => msg === 'upstream call');
    // Pino's numbers for debug and info: the default level logs failed calls only, since the ledger has all of them.
    expect(calls.map(({ level, status }) => level === (status === '200' ? 20 : 30))).not.toContain(false);
    expect(calls.map(({ method, status }) => `${method} ${status}`).sort()).toEqual([
      'GetDetail 200',
      'GetDetail 200',
      'GetDetail 203',
      'GetDetail 203',
      'GetList 200',
    ]);
    for (const call of calls) {
      expect(call).toMatchObject({
        requestId: 'of-this-test',
        client: 'shop',
        operation: 'Debtors',
        orderNumber: expect.any(String),
        billed: call.status === '200' ? 'yes' : 'no',
        duration: expect.any(Number),
      });
    }
    expect(lines.filter(({ msg }) => msg === 'operation')).toEqual([
      expect.objectContaining({
        requestId: 'of-this-test',
        client: 'shop',
        name: 'Debtors',
        outcome: 'partial',
        errors: ['UPSTREAM_FAILURE'],
        duration: expect.any(Number),
        cost: expect.objectContaining({ billed: 3, amount: '2' }),
      }),
    ]);
    expect(errors).toHaveLength(1);
    expect(running.output()).not.toContain('sandbox:details');
  });

  it('has a line for each refused request, with the reason, and nothing of the credential', async () => {
    const sandbox = await startSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
    const key = 'key-of-the-refused-shop';
    const running = run({
      ...envFor(sandbox, folder),
      LOG_LEVEL: 'info',
      AUTH_API_KEYS: `shop:${createHash('sha256').update(key).digest('hex')}`,
      RATE_LIMIT_PER_CLIENT: '1/1h',
    });
    const url = await urlIn(running);
    const send = async (requestId: string, credential?: string, path = url) => {
      const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
      const response = await fetch(path, {
        method: path === url ? 'POST' : 'GET',
        headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...authorization },
        ...(path === url && { body: JSON.stringify({ query: '{ __typename }' }) }),
      });
      return response.status;
    };
    const metrics = new URL('/metrics', url).href;
    expect([
      await send('none'),
      await send('unknown', 'a-key-of-nobody'),
      await send('scope', key, metrics),
      await send('first', key),
      await send('second', key),
    ]).toEqual([401, 401, 403, 200, 429]);
    const refusals = await waitUntil(() => {
      const all = linesOf(running.output()).filter(({ msg }) => msg === 'request refused');
      return all.length === 4 ? all : undefined;
    });
    expect(await stop(running)).toBe(0);
    await sandbox.close();
    rmSync(folder, { recursive: true });
    expect(refusals).toMatchObject([
      { requestId: 'none', status: 401, code: 'UNAUTHENTICATED', reason: 'no credentials' },
      { requestId: 'unknown', status: 401, code: 'UNAUTHENTICATED', reason: 'unknown key' },
      {
        requestId: 'scope',
        status: 403,
        code: 'FORBIDDEN',
        reason: 'the scope usage:read is missing',
        client: 'shop',
      },
      {
        requestId: 'second',
        status: 429,
        code: 'RATE_LIMITED',
        reason: 'rate limit exceeded',
        client: 'shop',
      },
    ]);
    for (const secret of [key, 'a-key-of-nobody']) expect(running.output()).not.toContain(secret);
  });
});

/** The lines of the log in what a program printed. */
function linesOf(output: string): Data[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}
