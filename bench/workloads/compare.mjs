import { NAMES, startPeer, startUpstream } from '../peers.mjs';
import { median, quantile, run } from '../process.mjs';
import { bestOf, byHandOf, chart, milliseconds, oursOf, table, times } from '../report.mjs';

const WARM = 4000;
const COLD = 150;
/** Companies whose answers are asked for again and again, all bought before. */
const COMPANIES = 32;
/** Asked of each server before it is measured: what is compiled, connected and read for the first time is no part of it. */
const WARM_UP = { warm: 4000, cold: 300 };

export const startAll = (upstream) => Promise.all(NAMES.map((name) => startPeer(name, upstream)));
export const stopAll = (servers) => Promise.all(servers.map((server) => server.stop()));

/** CPU time a request, in milliseconds, of each server in turn; the median of all rounds. */
export async function measure(upstream, servers, { rounds, count, atOnce }, work) {
  const cpu = servers.map(() => []);
  const took = servers.map(() => []);
  const calls = servers.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, server] of servers.entries()) {
      await upstream.calls();
      const before = server.server.cpu();
      took[index].push(...(await run(count, atOnce, (number) => work(server, round * count + number))));
      cpu[index].push((server.server.cpu() - before) / count);
      calls[index] += await upstream.calls();
    }
  }
  return servers.map(({ name }, index) => ({
    name,
    cpu: median(cpu[index]),
    p50: quantile(took[index], 0.5),
    p99: quantile(took[index], 0.99),
    calls: calls[index] / (rounds * count),
  }));
}

const cpuTable = (rows) =>
  table(
    ['server', 'CPU a request', 'of the gateway’s', 'p50', 'p99', 'upstream calls a request'],
    rows.map(({ name, cpu, p50, p99, calls }) => [
      name,
      milliseconds(cpu, 3),
      times(cpu, oursOf(rows).cpu),
      milliseconds(p50, 1),
      milliseconds(p99, 1),
      calls.toFixed(2),
    ]),
  );
const cpuChart = (title, rows) =>
  chart(
    title,
    'ms',
    rows.map(({ name, cpu }) => [name, cpu]),
  );

export default async function compare(rounds) {
  const upstream = await startUpstream();
  const servers = await startAll(upstream);
  const askOne = (server) => server.ask('sandbox:rows:20', 20);
  const askMany = (server, number) => server.ask(`sandbox:rows:${20 + (number % COMPANIES)}`, 20);
  for (const server of servers) {
    await run(WARM_UP.cold, 8, (index) => server.ask(`sandbox:rows:${20 + index}`, 20));
    await run(WARM_UP.warm, 16, (index) => askMany(server, index));
  }
  const measured = { rounds, count: WARM, atOnce: 16 };
  const warm = await measure(upstream, servers, measured, askMany);
  const same = await measure(upstream, servers, measured, askOne);
  const cold = await measure(upstream, servers, { rounds, count: COLD, atOnce: 8 }, (server, number) =>
    server.ask(`sandbox:rows:${1000 + number}`, 20),
  );
  await stopAll(servers);
  await upstream.stop();
  const [best, bestCold, byHand] = [bestOf(warm), bestOf(cold), byHandOf(cold)];
  return {
    goals: [
      [
        'warm: 20 cases with details, all bought before',
        'CPU ≤ 0.5 × the best peer',
        `${times(oursOf(warm).cpu, best.cpu)} of ${best.name}`,
        oursOf(warm).cpu <= 0.5 * best.cpu,
      ],
      [
        'cold: the same, every answer bought (21 calls)',
        'CPU ≤ 0.4 × the server by hand',
        `${times(oursOf(cold).cpu, byHand.cpu)}; ${times(oursOf(cold).cpu, bestCold.cpu)} of ${bestCold.name}`,
        oursOf(cold).cpu <= 0.4 * byHand.cpu,
      ],
    ],
    text: `## Warm: 20 cases with details, all bought before

${COMPANIES} companies in turn, 16 requests at once.

${cpuTable(warm)}

${cpuChart('Warm: CPU a request', warm)}

### One company, asked by all 16 at once

Tailcall runs an operation once for all who ask the very same at the same moment; here that is nearly all of them.

${cpuTable(same)}

## Cold: the same, every answer bought (21 calls)

${cpuTable(cold)}

${cpuChart('Cold: CPU a request', cold)}`,
  };
}
