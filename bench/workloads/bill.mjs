import { NAMES, startPeer, startUpstream } from '../peers.mjs';
import { run } from '../process.mjs';
import { bestOf, chart, oursOf, table, times } from '../report.mjs';

const WINDOWS = 600;

/** A trace that is the same every time: companies by Zipf's law, windows of all sizes, half of them without details. */
function makeTrace() {
  let seed = 42;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: WINDOWS }, () => ({
    key: `sandbox:rows:${20 + Math.floor(100 ** random())}`,
    first: 1 + Math.floor(random() * 20),
    kind: random() < 0.5 ? 'full' : 'rows',
  }));
}

export default async function bill() {
  const trace = makeTrace();
  const pages = new Set(trace.map(({ key }) => key));
  const details = new Set(
    trace.flatMap(({ key, first, kind }) =>
      kind === 'full' ? Array.from({ length: first }, (_, row) => `${key} ${row}`) : [],
    ),
  );
  const least = pages.size + details.size;
  const upstream = await startUpstream();
  const rows = [];
  for (const name of NAMES) {
    const server = await startPeer(name, upstream);
    await upstream.calls();
    await run(trace.length, 4, (index) =>
      server.ask(trace[index].key, trace[index].first, trace[index].kind),
    );
    rows.push({ name, calls: await upstream.calls() });
    await server.stop();
  }
  await upstream.stop();
  const best = bestOf(rows, ({ calls }) => calls);
  return {
    goals: [
      [
        'bill: a trace of mixed windows and selections',
        'upstream calls = the least possible',
        `${oursOf(rows).calls} of ${least}; ${best.name} ${times(best.calls, least)}`,
        oursOf(rows).calls === least,
      ],
    ],
    text: `## Bill: ${WINDOWS} windows of a fixed trace

The least that answers it is ${least} calls: each distinct page of 20, and each distinct detail, once.

${table(
  ['server', 'upstream calls', 'of the least'],
  rows.map(({ name, calls }) => [name, String(calls), times(calls, least)]),
)}

${chart(
  'Bill: upstream calls',
  'calls',
  rows.map(({ name, calls }) => [name, calls]),
)}`,
  };
}
