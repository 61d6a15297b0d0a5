import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run, runToEnd } from '../support/process.js';
import { waitUntil } from '../support/wait-until.js';

describe('the command sandbox', () => {
  it('serves until a signal stops it', async () => {
    const sandbox = run({}, 'sandbox', '--port', '0');
    const [, url = ''] = await waitUntil(() =>
      /^QCC_BASE_URL=(http:\S+) QCC_KEY=\S+ QCC_SECRET_KEY=\S+\n$/.exec(sandbox.output()),
    );
    expect((await fetch(new URL('/sandbox/statistics', url))).status).toBe(200);
    sandbox.child.kill('SIGTERM');
    expect(await once(sandbox.child, 'exit')).toEqual([0, null]);
  });

  it('names the option of a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await runToEnd({}, 'sandbox', '--port', String(port))).toEqual({
      code: 1,
      output: `endcase-gateway: --port must be a free port: another program listens on 127.0.0.1:${port}\n`,
    });
    other.close();
  });
});
