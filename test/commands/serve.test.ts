import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainSmallHeap } from '../../src/commands/environment-faults.js';
import { run, runToEnd, urlIn } from '../support/process.js';
import { waitUntil } from '../support/wait-until.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'endcase-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const serve = (env: Record<string, string> = {}) => run({ DATA_DIR: folder, PORT: '0', ...env }, 'serve');

describe('the command serve', () => {
  it('is the default', async () => {
    const running = run({ DATA_DIR: folder, PORT: '0' });
    expect((await fetch(new URL('/healthz', await urlIn(running)))).status).toBe(200);
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
  });

  it.each(['PORT', 'ADMIN_PORT'])('names %s if that port is in use', async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await runToEnd({ DATA_DIR: folder, PORT: '0', [name]: String(port) }, 'serve')).toEqual({
      code: 1,
      output: `endcase-gateway: ${name} must be a free port: another program listens on 127.0.0.1:${port}\n`,
    });
    other.close();
  });

  it('names HOST if it is no address of this machine', async () => {
    const { code, output } = await runToEnd(
      { DATA_DIR: folder, PORT: '0', HOST: '192.0.2.1', AUTH: 'none', SANDBOX: '1' },
      'serve',
    );
    expect([code, output]).toEqual([
      1,
      'endcase-gateway: HOST must be an address of this machine: EADDRNOTAVAIL 192.0.2.1\n',
    ]);
  });

  it('names DATA_DIR if that folder cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await runToEnd({ DATA_DIR: join(file, 'data') }, 'serve')).toEqual({
      code: 1,
      output: `endcase-gateway: DATA_DIR must be a writable folder: ENOTDIR ${join(file, 'data')}\n`,
    });
  });

  it('names DATA_DIR if it is in a file system that makes no folders', async () => {
    const { code, output } = await runToEnd({ DATA_DIR: '/proc/endcase/data', PORT: '0' }, 'serve');
    expect([code, output]).toEqual([
      1,
      'endcase-gateway: DATA_DIR must be a writable folder: ENOENT /proc/endcase/data\n',
    ]);
  });

  it('says when it starts where the ledger is kept', async () => {
    const running = serve({ LEDGER_RETENTION: '36h' });
    await urlIn(running);
    expect(running.output()).toContain(`store: ${folder} · ledger: in the store, kept for 1.5 days`);
    running.child.kill('SIGTERM');
    await once(running.child, 'exit');
  });

  it('warns if the heap is too small, and names what to set', async () => {
    const running = serve({ NODE_OPTIONS: '--max-old-space-size=128' });
    await urlIn(running);
    const [first = ''] = running.output().split('\n');
    expect(JSON.parse(first)).toMatchObject({
      level: 40,
      msg: 'the heap is too small: it is 128 MB and should be at least 256 MB. Set NODE_OPTIONS=--max-old-space-size=256 or more',
    });
    expect(explainSmallHeap(200 * 1024 * 1024, '')).toMatch(/^the heap is too small: it is 200 MB /);
    expect(explainSmallHeap(2 ** 31, '--max-old-space-size=100 --max_old_space_size=256')).toBeUndefined();
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
  });

  it('drains though one Ctrl-C arrives twice, as it does under npm start', async () => {
    const running = serve({ DRAIN_DELAY: '300ms' });
    await urlIn(running);
    const exit = once(running.child, 'exit');
    running.child.kill('SIGINT');
    await sleep(50);
    running.child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
  });

  it('exits at once on a second signal', async () => {
    const running = serve({ DRAIN_DELAY: '1h' });
    const url = await urlIn(running);
    const exit = once(running.child, 'exit');
    running.child.kill('SIGTERM');
    await waitUntil(async () => (await fetch(new URL('/readyz', url))).status === 503);
    await sleep(1100);
    running.child.kill('SIGTERM');
    expect(await exit).toEqual([143, null]);
  });
});
