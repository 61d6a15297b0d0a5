import { AUTHORIZATION, OURS, startPeer, startUpstream } from '../peers.mjs';
import { median, run } from '../process.mjs';
import { milliseconds, table, times } from '../report.mjs';

/** Cases in one request. */
const SIZES = [1, 10, 100, 1000, 5000];
/** The most cases in one window. An operation for more selects several windows. */
const MAX_WINDOW = 100;
/** Requests per round: cold, every answer is bought; warm, all are in memory. */
const REQUESTS = { cold: 1, warm: 3 };
const LAG = /^nodejs_eventloop_lag_max_seconds (\S+)$/m;

/** An operation for the newest cases of a company, with their details. */
function operationFor(cases) {
  const windows = Array.from({ length: Math.ceil(cases / MAX_WINDOW) }, (_, index) => {
    const first = Math.min(MAX_WINDOW, cases - index * MAX_WINDOW);
    return `w${index}: endCases(first: ${first}, offset: ${index * MAX_WINDOW}) { ...window }`;
  });
  return `query Wide { company(searchKey: "sandbox:rows:5000") { ${windows.join(' ')} } }
    fragment window on EndCaseConnection { nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount
      detail { id certificateNo judgmentDebtor { keyNo name } } } }`;
}

/** Measures one size with a new process: CPU in milliseconds, memory in MB, the longest event-loop stall in milliseconds. */
async function measure(upstream, cases) {
  const peer = await startPeer(OURS, upstream, {
    MAX_CALLS_PER_OPERATION: '100000',
    MAX_RESULT_FIELDS: '1000000',
    CACHE_RESPONSES: '0',
  });
  // Reading the metric resets it.
  const takeLag = async () =>
    Number(
      LAG.exec(await (await fetch(new URL('/metrics', peer.url), { headers: AUTHORIZATION })).text())?.[1],
    );
  await run(150, 8, (index) => peer.queryCases(`sandbox:rows:${100 + index}`, 20));
  const results = {};
  for (const [temperature, requests] of Object.entries(REQUESTS)) {
    await takeLag();
    const [cpu, memory] = [peer.cpu(), peer.memory().own];
    for (let count = 0; count < requests; count += 1) await peer.send(operationFor(cases));
    results[temperature] = {
      cpu: (peer.cpu() - cpu) / requests,
      memory: peer.memory().own - memory,
      stall: 1000 * (await takeLag()),
    };
  }
  await peer.stop();
  return results;
}

const medians = (results) =>
  Object.fromEntries(
    Object.keys(results[0]).map((name) => [name, median(results.map((result) => result[name]))]),
  );

export default async function wide(rounds) {
  const upstream = await startUpstream();
  const samples = SIZES.map((cases) => ({ cases, cold: [], warm: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { cases, cold, warm } of samples) {
      const result = await measure(upstream, cases);
      cold.push(result.cold);
      warm.push(result.warm);
    }
  }
  await upstream.stop();
  const rows = samples.map(({ cases, cold, warm }) => ({
    cases,
    cold: medians(cold),
    warm: medians(warm),
  }));
  // The fixed cost of a request dominates small sizes, so growth is measured from a full window on.
  const [window, widest] = [rows.find(({ cases }) => cases === MAX_WINDOW), rows.at(-1)];
  const growth = widest.cold.cpu / widest.cases / (window.cold.cpu / window.cases);
  const kilobytesPerCase = ({ cases, cold }) => (1024 * cold.memory) / cases;
  const [widestMemory, smallerMemory] = [kilobytesPerCase(widest), kilobytesPerCase(rows.at(-2))];
  const stall = Math.max(...rows.flatMap(({ cold, warm }) => [cold.stall, warm.stall]));
  return {
    goals: [
      [
        'wide: 1 → 5,000 cases with details',
        'CPU and memory linear; no event-loop stall over 50 ms',
        `among 5,000 cases, one takes ${times(growth, 1)} the CPU of one among ${MAX_WINDOW}, and ${widestMemory.toFixed(0)} KB (${smallerMemory.toFixed(0)} KB among 1,000); longest stall ${milliseconds(stall)}`,
        // Memory includes garbage that is not collected yet, so it grows in large steps.
        growth <= 1.15 && widestMemory <= 1.5 * smallerMemory && stall <= 50,
      ],
    ],
    text: `## Wide: one request for many cases with details

A new process for each size, medians of ${rounds} rounds. The table shows the CPU and the memory that the request added, and the
longest stall of the event loop (Node reports 10 ms for an idle one). The response cache is off.

${table(
  ['cases', 'cold: CPU', 'per case', 'memory', 'longest stall', 'warm: CPU', 'per case', 'longest stall'],
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
