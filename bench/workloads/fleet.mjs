import { OURS, place, startPeer, startUpstream } from '../peers.mjs';
import { median, run } from '../process.mjs';
import { milliseconds, table, times } from '../report.mjs';

const PROCESSES = [1, 2, 4];
const WARM = 4000;
const COLD = 200;

/** Processes that share one embedded store. Throughput a core is the inverse of CPU a request: that is what is measured. */
export default async function fleet(rounds) {
  const upstream = await startUpstream();
  const rows = [];
  for (const processes of PROCESSES) {
    const DATA_DIR = place();
    const servers = [];
    for (let index = 0; index < processes; index += 1)
      servers.push(await startPeer(OURS, upstream, { DATA_DIR }));
    const among = (work) => (number) => work(servers[number % processes], number);
    const cpuOf = async (count, atOnce, work) => {
      const before = servers.map(({ server }) => server.cpu());
      await run(count, atOnce, among(work));
      return servers.reduce((sum, { server }, index) => sum + server.cpu() - before[index], 0) / count;
    };
    const warmOf = () => cpuOf(WARM, 16, (server) => server.ask('sandbox:rows:20', 20));
    await cpuOf(300 * processes, 8, (server, number) => server.ask(`sandbox:rows:${20 + number}`, 20));
    for (let turn = 0; turn < processes; turn += 1) await warmOf();
    const [warm, cold] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      warm.push(await warmOf());
      cold.push(
        await cpuOf(COLD, 8, (server, number) =>
          server.ask(`sandbox:rows:${2000 + round * COLD + number}`, 20),
        ),
      );
    }
    await upstream.calls();
    // Each process asks all: whatever one has bought is there for the others.
    await run(
      50 * processes,
      8,
      among((server, number) => server.ask(`sandbox:rows:${4000 + Math.floor(number / processes)}`, 20)),
    );
    rows.push({ processes, warm: median(warm), cold: median(cold), calls: await upstream.calls() });
    await Promise.all(servers.map((server) => server.stop()));
  }
  await upstream.stop();
  const [one] = rows;
  const kept = rows.map(({ warm, cold }) => Math.min(one.warm / warm, one.cold / cold));
  return {
    goals: [
      [
        'fleet: 1 → 4 processes on one store',
        'throughput a core kept within 15 %',
        `${(100 * Math.min(...kept)).toFixed(0)} % kept`,
        Math.min(...kept) >= 0.85,
      ],
    ],
    text: `## Fleet: processes that share one store

CPU a request, summed over all processes; and what 50 companies with 20 details each cost when every process is asked for all of them (1,050 calls are the least).

${table(
  ['processes', 'warm', 'of one’s', 'cold', 'of one’s', 'upstream calls'],
  rows.map(({ processes, warm, cold, calls }) => [
    String(processes),
    milliseconds(warm, 3),
    times(warm, one.warm),
    milliseconds(cold, 2),
    times(cold, one.cold),
    String(calls),
  ]),
)}`,
  };
}
