import { OURS, startPeer, startUpstream } from '../peers.mjs';
import { median } from '../process.mjs';
import { milliseconds, table } from '../report.mjs';

const SIZES = [1, 10, 100, 1000, 5000];
/** The most that one window holds: what is wider asks for several in one operation. */
const WINDOW = 100;
const LAG = /^nodejs_eventloop_lag_max_seconds (\S+)$/m;

/** One request for more and more cases with details: bought, then from memory by a process that has just started. */
/** One operation for so many of the first cases of a company. */
function operationFor(cases) {
  const windows = Array.from({ length: Math.ceil(cases / WINDOW) }, (_, index) => {
    const first = Math.min(WINDOW, cases - index * WINDOW);
    return `w${index}: endCases(first: ${first}, offset: ${index * WINDOW}) { ...window }`;
  });
  return `query Wide { company(searchKey: "sandbox:rows:5000") { ${windows.join(' ')} } }
    fragment window on EndCaseConnection { nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount
      detail { id certificateNo judgmentDebtor { keyNo name } } } }`;
}

export default async function wide(rounds) {
  const upstream = await startUpstream();
  const measured = SIZES.map((cases) => ({ cases, cold: [], warm: [] }));
  for (const { cases, ...row } of Array.from({ length: rounds }, () => measured).flat()) {
    const server = await startPeer(OURS, upstream, { MAX_CALLS_PER_OPERATION: '100000', CACHE_BODIES: '0' });
    const lag = async () =>
      Number(LAG.exec(await (await fetch(new URL('/metrics', server.server.url))).text())?.[1]);
    for (let index = 0; index < 20; index += 1) await server.ask(`sandbox:rows:${100 + index}`, 20);
    for (const [what, turns] of Object.entries({ cold: 1, warm: 3 })) {
      await lag();
      const [cpu, memory] = [server.server.cpu(), server.server.memory()];
      for (let turn = 0; turn < turns; turn += 1) await server.post(operationFor(cases));
      row[what].push({
        cpu: (server.server.cpu() - cpu) / turns,
        memory: server.server.memory() - memory,
        stall: 1000 * (await lag()),
      });
    }
    await server.stop();
  }
  await upstream.stop();
  const middle = (all) =>
    Object.fromEntries(Object.keys(all[0]).map((what) => [what, median(all.map((one) => one[what]))]));
  const rows = measured.map(({ cases, cold, warm }) => ({ cases, cold: middle(cold), warm: middle(warm) }));
  // Small requests are dearer a case, for what each request takes is spread over few: growth would show at the other end.
  const growth = (costOf) => {
    const each = rows.map((row) => costOf(row) / row.cases);
    return Math.max(...each.map((cost, index) => cost / Math.min(...each.slice(0, index + 1))));
  };
  const cpu = growth(({ cold }) => cold.cpu);
  const memory = growth(({ cases, cold }) => Math.max(cold.memory, cases / 10));
  const stall = Math.max(...rows.flatMap(({ cold, warm }) => [cold.stall, warm.stall]));
  return {
    goals: [
      [
        'wide: 1 → 5,000 cases with details',
        'CPU and memory linear; no event-loop stall over 50 ms',
        `a case takes at most ${cpu.toFixed(2)} × the CPU and ${memory.toFixed(2)} × the memory that it takes in a smaller request; longest stall ${milliseconds(stall)}`,
        cpu <= 1.15 && memory <= 1.15 && stall <= 50,
      ],
    ],
    text: `## Wide: one request for many cases with details

A fresh process for each size; medians of ${rounds} rounds. CPU and memory that the request added; the longest that the event loop stood still
(Node tells 10 ms for one that does nothing). Finished bodies are off.

${table(
  ['cases', 'cold: CPU', 'a case', 'memory', 'longest stall', 'warm: CPU', 'a case', 'longest stall'],
  rows.map(({ cases, cold, warm }) => [
    String(cases),
    milliseconds(cold.cpu),
    milliseconds(cold.cpu / cases, 2),
    `${cold.memory.toFixed(0)} MB`,
    milliseconds(cold.stall),
    milliseconds(warm.cpu, 1),
    milliseconds(warm.cpu / cases, 3),
    milliseconds(warm.stall),
  ]),
)}`,
  };
}
