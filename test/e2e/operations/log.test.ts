import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../src/sandbox/server.js';
import { type Data, jsonOf } from '../../support/gateway.js';
import { envFor, run, urlIn } from '../../support/process.js';
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
      const all: Data[] = running
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line));
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
});
