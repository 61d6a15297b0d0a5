import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { startSandbox } from '../../../src/sandbox/server.js';
import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { ask, envFor, run, urlIn } from '../../support/process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// Slow at times: LMDB does not report some writes that the disk refuses, and the gateway gives up on one after 10 seconds.
it('a limit on the size of files does not end the process, and answers stay complete', async () => {
  const sandbox = closeAfterTest(await startSandbox());
  const limited = run(envFor(sandbox, temporaryFolder()), 'serve');
  const { child } = limited;
  cleanUp(async () => {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  });
  const url = await urlIn(limited);
  expect(spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=200000']).status).toBe(0);
  for (let rows = 1; rows <= 40; rows++) {
    const query = `{ company(searchKey: "sandbox:rows:${rows}") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }`;
    const { data, errors } = await ask(url, query);
    expect([errors, data.company.endCases.nodes.length]).toEqual([undefined, Math.min(rows, 20)]);
  }
  expect(child.exitCode).toBeNull();
  expect(limited.output()).toContain('the disk refused a write');
});
