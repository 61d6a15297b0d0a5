import { setTimeout as sleep } from 'node:timers/promises';
import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway } from '../../support/gateway.js';
import { ask, type Running, run, urlIn } from '../../support/process.js';
import { detailOf, startUpstream } from '../../support/scripted-upstream.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const CASES = Array.from({ length: 8 }, (_, index) => `case-${index}`);
const QUERY = `{ ${CASES.map((id, index) => `c${index}: endCase(id: "${id}") { court detail { certificateNo } }`).join(' ')} }`;

/** Milliseconds. */
const TIMEOUT = 3000;

it('a process that is stopped while its calls are out loses no answer, and no other process buys them', async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const upstream = await startUpstream(async ({ subject }) => {
    await released;
    return detailOf(subject);
  });
  const env = {
    ...upstream.env,
    PORT: '0',
    LOG_LEVEL: 'error',
    DATA_DIR: temporaryFolder(),
    QCC_TIMEOUT: `${TIMEOUT}ms`,
  };
  const start = (): Running => run(env);
  const [stopped, other] = [start(), start()];
  const [stoppedUrl, otherUrl] = [await urlIn(stopped), await urlIn(other)];

  const first = ask(stoppedUrl, QUERY);
  await waitUntil(() => upstream.calls.length === CASES.length, 'all calls are out');
  stopped.child.kill('SIGSTOP');
  // The answers now wait in the sockets of the stopped process, for longer than an attempt may take.
  release();
  await sleep(TIMEOUT + 500);
  const second = ask(otherUrl, QUERY);
  await sleep(500);
  stopped.child.kill('SIGCONT');

  const answers = [await first, await second];
  expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
  expect(answers[0]?.extensions.cost).toMatchObject({ billed: CASES.length, maybeBilled: 0 });
  expect(answers[1]?.extensions.cost).toMatchObject({ billed: 0, maybeBilled: 0 });
  expect(upstream.calls).toHaveLength(CASES.length);
  const ready = await jsonOf(await fetch(new URL('/readyz', stoppedUrl)));
  expect(ready.upstream).toBe('ok');
});

it('a stale answer is served by the deadline each time upstream hangs, in every instance', async () => {
  let time = Date.now();
  const upstream = await startUpstream(({ count }) => (count === 1 ? detailOf('case-1') : 'hang'));
  const options = { env: { ...upstream.env, QCC_TIMEOUT: '1s', CACHE_DETAIL_TTL: '1h' }, now: () => time };
  const one = closeAfterTest(await startTestGateway(options));
  const other = closeAfterTest(await startTestGateway({ ...options, folder: one.folder }));
  const query = '{ endCase(id: "case-1") { detail { certificateNo } } }';
  await one.query(query);
  time += 3_600_001;
  for (const gateway of [one, one, other, one]) {
    const { data, errors, extensions } = await gateway.query(query);
    expect([errors, data.endCase.detail.certificateNo]).toEqual([undefined, '14796919-0']);
    expect(extensions.cost).toMatchObject({ cached: 1, stale: 1 });
    // The pause after a stale answer ends, while the attempt that hangs is still listened to.
    time += 31_000;
  }
  expect(upstream.calls).toHaveLength(2);
});
