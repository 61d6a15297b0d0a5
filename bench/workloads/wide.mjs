import { OURS, startPeer, startUpstream } from '../peers.mjs';
import { median, run } from '../process.mjs';
import { milliseconds, table, times } from '../report.mjs';

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
    const server = await startPeer(OURS, upstream, {
      MAX_CALLS_PER_OPERATION: '100000',
      CACHE_RESPONSES: '0',
    });
    const lag = async () =>
      Number(LAG.exec(await (await fetch(new URL('/metrics', server.server.url))).text())?.[1]);
    await run(150, 8, (index) => server.ask(`sandbox:rows:${100 + index}`, 20));
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
  // What each request takes is spread over few cases in a small one: growth shows between a full window and the widest.
  const [window, widest] = [rows.find(({ cases }) => cases === WINDOW), rows.at(-1)];
  const growth = (costOf) => costOf(widest) / widest.cases / (costOf(window) / window.cases);
  const cpu = growth(({ cold }) => cold.cpu);
  const each = (1024 * widest.cold.memory) / widest.cases;
  const grown = (1024 * rows.at(-2).cold.memory) / rows.at(-2).cases;
  const stall = Math.max(...rows.flatMap(({ cold, warm }) => [cold.stall, warm.stall]));
  return {
    goals: [
      [
        'wide: 1 → 5,000 cases with details',
        'CPU and memory linear; no event-loop stall over 50 ms',
        `a case of 5,000 takes ${times(cpu, 1)} the CPU of one of ${WINDOW}, and ${each.toFixed(0)} KB where one of 1,000 takes ${grown.toFixed(0)}; longest stall ${milliseconds(stall)}`,
        // Memory is the process's, with what is not collected yet: it comes in large steps.
        cpu <= 1.15 && each <= 1.5 * grown && stall <= 50,
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
