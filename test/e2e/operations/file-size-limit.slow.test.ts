import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { startSandbox } from '../../../src/sandbox/server.js';
import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { ask, envFor, linesOf, run, urlIn } from '../../support/process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// Slow at times: LMDB does not report some writes that the disk refuses, and the gateway gives up on one after 10 seconds.
it('a limit on the size of files does not end the process, and nothing is bought that could not be recorded', async () => {
  const sandbox = closeAfterTest(await startSandbox());
  const env = envFor(sandbox, temporaryFolder());
  const limited = run(env, 'serve');
  const { child } = limited;
  const kill = async () => {
    if (child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  cleanUp(kill);
  const url = await urlIn(limited);
  expect(spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=200000']).status).toBe(0);
  const codes = new Set<unknown>();
  for (let rows = 1; rows <= 40; rows++) {
    const query = `{ company(searchKey: "sandbox:rows:${rows}") { endCases(first: 20) { nodes { id detail { certificateNo } } } } }`;
    const { data, errors } = await ask(url, query);
    for (const { extensions } of errors ?? []) codes.add(extensions.code);
    if (!errors) expect(data.company.endCases.nodes).toHaveLength(Math.min(rows, 20));
  }
  expect(child.exitCode).toBeNull();
  expect([...codes]).toEqual(['STORE_UNAVAILABLE']);
  expect(limited.output()).toContain('the disk refused a write');
  await kill();
  const rows = await linesOf(env, 'ledger', 'export', '--format', 'jsonl');
  const { calls } = sandbox.statistics.total;
  expect(calls).toBeGreaterThan(0);
  expect(rows).toHaveLength(calls);
});
