import { NAMES, startPeer, startUpstream } from '../peers.mjs';
import { run } from '../process.mjs';
import { bestOf, chart, oursOf, table, times } from '../report.mjs';

const WINDOWS = 1500;
/** QCC's largest page. */
const PAGE_SIZE = 20;
/** Page sizes of front ends. All divide 20, so that a peer's page is always within one page of QCC. */
const WINDOW_SIZES = [5, 10, 20];

/** A trace that is the same in every run: companies by Zipf's law, pages of several sizes, half of them with details. */
function makeTrace() {
  let seed = 42;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  return Array.from({ length: WINDOWS }, () => {
    const rows = 60 + Math.floor(100 ** random());
    const size = WINDOW_SIZES[Math.floor(random() * WINDOW_SIZES.length)];
    // Most windows are first pages, and few are far from the start.
    const page = 1 + Math.floor((rows / size) * random() ** 3);
    return { key: `sandbox:rows:${rows}`, rows, size, page, kind: random() < 0.5 ? 'full' : 'rows' };
  });
}

/** The fewest calls that can answer a trace: one for each page of 20 in a window, and one for each detail. */
function minimumFor(trace) {
  const answers = new Set();
  for (const { key, rows, size, page, kind } of trace) {
    for (let row = (page - 1) * size; row < Math.min(page * size, rows); row += 1) {
      answers.add(`${key} page ${Math.floor(row / PAGE_SIZE)}`);
      if (kind === 'full') answers.add(`${key} row ${row}`);
    }
  }
  return answers.size;
}

export default async function bill() {
  const trace = makeTrace();
  const minimum = minimumFor(trace);
  const upstream = await startUpstream();
  const rows = [];
  for (const name of NAMES) {
    const peer = await startPeer(name, upstream);
    await upstream.takeCalls();
    await run(trace.length, 4, (index) => {
      const { key, size, page, kind } = trace[index];
      return peer.queryCases(key, size, page, kind);
    });
    rows.push({ name, calls: await upstream.takeCalls() });
    await peer.stop();
  }
  await upstream.stop();
  const best = bestOf(rows, ({ calls }) => calls);
  return {
    goals: [
      [
        'bill: a trace of mixed windows and selections',
        'upstream calls = the minimum',
        `${oursOf(rows).calls}, minimum ${minimum}; ${best.name} ${times(best.calls, minimum)} the minimum`,
        oursOf(rows).calls === minimum,
      ],
    ],
    text: `## Bill: ${WINDOWS} windows of a fixed trace

Pages of ${WINDOW_SIZES.join(', ')} cases, half of them with details, of companies by Zipf's law. The minimum is ${minimum} calls: one for each
distinct page of 20, and one for each distinct detail.

${table(
  ['server', 'upstream calls', 'relative to the minimum'],
  rows.map(({ name, calls }) => [name, String(calls), times(calls, minimum)]),
)}

${chart(
  'Bill: upstream calls',
  'calls',
  rows.map(({ name, calls }) => [name, calls]),
)}`,
  };
}
