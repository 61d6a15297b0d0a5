import { isDeepStrictEqual } from 'node:util';
import { closeAfterTest } from '../../support/cleanup.js';
import { prepareFleet, startTwoOn } from '../../support/fleet.js';
import { type Data, jsonOf } from '../../support/gateway.js';
import { readMetric } from '../../support/metrics.js';
import { POSTGRES_SERVER, startPostgres } from '../../support/postgres.js';
import { priceVariables } from '../../support/price-variables.js';
import { REDIS, startRedis } from '../../support/redis.js';
import { requires } from '../../support/requirement.js';
import { waitUntil } from '../../support/wait-until.js';

const BUDGET = 800;
const WORKERS = 8;
/** Milliseconds before each answer of the sandbox: the budget lasts for a while. */
const LATENCY = 100;

/** What the tables must not have: an attempt whose count differs from its rows. */
const MISCOUNTED = `
SELECT * FROM (
  SELECT date_trunc('hour', started_at, 'UTC') AS hour, client, method, status, price, billed AS kind, count(*) AS calls
  FROM endcase_ledger GROUP BY 1, 2, 3, 4, 5, 6
) AS rows FULL JOIN (
  SELECT hour, client, method, status, price, kind, sum(calls) AS calls FROM endcase_usage
  WHERE kind IN ('yes', 'no', 'maybe') GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(calls) <> 0
) AS counts USING (hour, client, method, kind)
WHERE rows.calls IS DISTINCT FROM counts.calls`;

// Slow by nature: a server that hangs is lost after fifteen seconds.
requires(POSTGRES_SERVER, REDIS).describe('two instances on one Redis and one PostgreSQL', () => {
  it.each(['killed', 'hanging'])(
    'answer without an error while PostgreSQL is %s, lose and double nothing, and hold the budget',
    async (how) => {
      const redis = closeAfterTest(await startRedis());
      const postgres = closeAfterTest(await startPostgres());
      const database = await postgres.createDatabase();
      const fleet = await prepareFleet(LATENCY);
      const { sandbox, ask } = fleet;
      const env = {
        LEDGER_URL: database.url,
        BUDGET_PER_DAY: String(BUDGET),
        ...priceVariables({ GetList: '0.3', GetDetail: '1.25' }),
      };
      const urls = await startTwoOn(fleet, redis.url, env);
      const health = async (url: string) => (await jsonOf(await fetch(new URL('/readyz', url)))).ledger;
      const allAre = (state: string) => async () =>
        (await Promise.all(urls.map(health))).every((is) => is === state);
      let isOver = false;
      let answers = 0;
      let cached = 0;
      const failures: Data[] = [];
      const worker = async (from: number) => {
        for (let index = from; !(isOver && failures.length > 0); index++) {
          // Every third question is asked again of the other instance.
          const id = index % 3 === 0 ? index - 1 : index;
          const { errors, extensions } = await ask(
            urls[index % 2] ?? '',
            `{ endCase(id: "case ${id}") { court } }`,
          );
          cached += extensions.cost.cached;
          failures.push(...(errors ?? []).map((error: Data) => error.extensions.code));
          answers += 1;
        }
      };
      const load = Promise.all(Array.from({ length: WORKERS }, (_, index) => worker(1000 * index + 1)));
      for (const times of how === 'killed' ? [1, 2, 3] : [1]) {
        const before = answers;
        await waitUntil(() => answers > before + 100);
        if (how === 'killed') await postgres.kill();
        else postgres.pause();
        await waitUntil(allAre('degraded'), `both notice loss ${times}`);
        const meanwhile = answers;
        await waitUntil(() => answers > meanwhile + 50);
        if (how === 'killed') await postgres.restart();
        else postgres.resume();
        await waitUntil(allAre('ok'), `both are complete after loss ${times}`);
      }
      isOver = true;
      await load;
      await waitUntil(allAre('ok'), 'PostgreSQL has everything');
      const { calls, billed } = sandbox.statistics.total;
      expect([calls, billed]).toEqual([BUDGET, BUDGET]);
      expect(new Set(failures)).toEqual(new Set(['BUDGET_EXCEEDED']));
      const counted = async () => {
        const totals = await Promise.all(
          urls.map(
            async (url) =>
              (await ask(url, '{ usage { total { calls billed maybeBilled cached amount } } }')).data,
          ),
        );
        return totals.map(({ usage }) => usage.total);
      };
      const total = { calls, billed, maybeBilled: 0, cached, amount: '1000' };
      // The first asks for what the second has not shipped yet, the second time it has.
      await counted();
      expect(await counted()).toEqual([total, total]);
      const rows = await database.query('SELECT order_number AS number FROM endcase_ledger');
      const bought = sandbox.statistics.log.map(({ orderNumber }) => orderNumber);
      expect(rows.map(({ number }) => number).sort()).toEqual(bought.sort());
      expect(await database.query(MISCOUNTED)).toEqual([]);
    },
  );
});

const KILLS = 4;

requires(POSTGRES_SERVER).describe('two processes on one DATA_DIR', () => {
  it('lose and double nothing while they and PostgreSQL are killed', async () => {
    const postgres = closeAfterTest(await startPostgres());
    const database = await postgres.createDatabase();
    const fleet = await prepareFleet(20);
    const { sandbox, ask } = fleet;
    const env = { LEDGER_URL: database.url, LOG_LEVEL: 'info', QCC_MAX_CONCURRENCY: '50' };
    const processes = [await fleet.start(env), await fleet.start(env)];
    let isOver = false;
    let answers = 0;
    const load = Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (let index = 0; !isOver; index++) {
          const alive = processes.filter(({ child }) => child.signalCode === null);
          const { url = '' } = alive[(worker + index) % alive.length] ?? {};
          // Undefined where the process is killed meanwhile.
          const answer = await ask(url, `{ endCase(id: "case ${worker} ${index}") { court } }`).catch(
            () => undefined,
          );
          if (answer === undefined) continue;
          expect(answer.errors).toBeUndefined();
          answers += 1;
        }
      }),
    );
    const more = async () => {
      const before = answers;
      await waitUntil(() => answers > before + 100);
    };
    for (let kills = 0; kills < KILLS; kills++) {
      await more();
      if (kills % 2 === 0) await postgres.kill();
      const index = kills % 2;
      processes[index]?.child.kill('SIGKILL');
      await more();
      if (kills % 2 === 0) await postgres.restart();
      processes[index] = await fleet.start(env);
    }
    await postgres.kill();
    await more();
    await postgres.restart();
    await more();
    isOver = true;
    await load;
    // One that has ended by itself says why.
    const ended = processes.filter(({ child }) => child.exitCode !== null || child.signalCode !== null);
    expect(ended.map(({ output }) => output())).toEqual([]);
    for (const { url } of processes) {
      await waitUntil(async () => (await readMetric(url, 'endcase_ledger_unshipped_rows')) === 0);
    }
    const rows = await database.query('SELECT order_number AS number, billed, status FROM endcase_ledger');
    // QCC has answered the calls of a process that was killed meanwhile: their rows stay as they began.
    const unanswered = rows.filter(({ number }) => number === null);
    expect(unanswered.filter(({ billed, status }) => billed !== 'maybe' || status !== null)).toEqual([]);
    const numbers = new Set(rows.flatMap(({ number }) => number ?? []));
    const bought = sandbox.statistics.log.flatMap(({ orderNumber }) => orderNumber ?? []);
    const unknown = bought.filter((number) => !numbers.has(number));
    expect([numbers.size + unknown.length, rows.length - unanswered.length]).toEqual([
      bought.length,
      numbers.size,
    ]);
    expect(unknown.length).toBeLessThanOrEqual(unanswered.length);
    expect(await database.query(MISCOUNTED)).toEqual([]);
    // Each has seen the last loss. A reply that was on its way then may show PostgreSQL again, so that it is lost twice.
    const lines = (text: string) => processes.map(({ output }) => output().split(text).length - 1);
    const losses = lines('PostgreSQL does not accept the ledger');
    expect(Math.min(...losses)).toBeGreaterThan(0);
    expect(Math.max(...losses)).toBeLessThanOrEqual(2);
    await waitUntil(() => isDeepStrictEqual(lines('PostgreSQL has the whole ledger again'), losses));
  });
});
