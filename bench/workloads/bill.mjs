import { NAMES, startPeer, startUpstream } from '../peers.mjs';
import { run } from '../process.mjs';
import { bestOf, chart, oursOf, table, times } from '../report.mjs';

const WINDOWS = 1500;

/** QCC's largest page, and those that front ends ask for: all of its divisors, so that peers can ask QCC for just these. */
const PAGE = 20;
const SIZES = [5, 10, 20];

/** A trace that is the same every time: companies by Zipf's law, pages of several sizes, half of them without details. */
function makeTrace() {
  let seed = 42;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: WINDOWS }, () => {
    const rows = 60 + Math.floor(100 ** random());
    const size = SIZES[Math.floor(random() * SIZES.length)];
    // Most look at the first page, some at the next ones.
    const page = 1 + Math.floor((rows / size) * random() ** 3);
    return { key: `sandbox:rows:${rows}`, rows, size, page, kind: random() < 0.5 ? 'full' : 'rows' };
  });
}

/** The least that can answer a trace: each page of 20 that a window touches, and each detail that it shows, once. */
function leastFor(trace) {
  const answers = new Set();
  for (const { key, rows, size, page, kind } of trace) {
    for (let row = (page - 1) * size; row < Math.min(page * size, rows); row += 1) {
      answers.add(`${key} page ${Math.floor(row / PAGE)}`);
      if (kind === 'full') answers.add(`${key} row ${row}`);
    }
  }
  return answers.size;
}

export default async function bill() {
  const trace = makeTrace();
  const least = leastFor(trace);
  const upstream = await startUpstream();
  const rows = [];
  for (const name of NAMES) {
    const server = await startPeer(name, upstream);
    await upstream.calls();
    await run(trace.length, 4, (index) => {
      const { key, size, page, kind } = trace[index];
      return server.ask(key, size, page, kind);
    });
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

Pages of ${SIZES.join(', ')} cases, half of them with details, of companies by Zipf's law. The least that answers it is ${least} calls: each distinct page of 20, and each distinct detail, once.

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
