import { createServer } from 'node:http';
import * as z from 'zod';
import { Ledger } from '../../src/ledger/ledger.js';
import type { Call, Method } from '../../src/qcc/call.js';
import { methods } from '../../src/qcc/methods.js';
import { Deadline } from '../../src/qcc/wire/deadline.js';
import { createTransport } from '../../src/qcc/wire/transport.js';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { createUpstream } from '../../src/upstream/create-upstream.js';
import type { CallContext } from '../../src/upstream/handler.js';
import type { AttemptEnd } from '../../src/upstream/instrument.js';
import { Meter } from '../../src/upstream/meter.js';
import { Allowance } from '../../src/upstream/policy/allowance.js';
import { closeAfterTest } from '../support/cleanup.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const score = z.object({ Score: z.number() });

/** A method that QCC does not have: all that a further method needs in the table. */
const getScore = {
  name: 'GetScore',
  path: 'Scoring/GetScore',
  lifetime: 'detail',
  stored: z.number().nullable(),
  call: (company: string): Call<number | null> => ({ method: getScore, parameters: { company } }),
  subject: ({ company = '' }) => company,
  read: ({ result }) => score.safeParse(result).data?.Score,
  nothing: () => null,
  isEmpty: (data) => data === null,
} satisfies Method<number | null> & Record<'call', unknown>;

const tariff = {
  methods: [...methods, getScore].map(({ name }) => name),
  prices: { GetList: '1', GetDetail: '1', GetScore: '0.35' },
};

it('takes one value to call, cache, bill and record a further method', async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end(JSON.stringify({ Status: '200', OrderNumber: 'SCORING1', Result: { Score: 71 } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest({ close: () => new Promise((resolve) => server.close(resolve)) });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const transport = createTransport(`http://127.0.0.1:${port}/api`);
  closeAfterTest(transport);

  const store = closeAfterTest(new EmbeddedStore(temporaryFolder(), 'test'));
  const report = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const ledger = new Ledger(store.journal, 60_000, report);
  const ends: AttemptEnd[] = [];
  const upstream = createUpstream(
    {
      credentials: { key: 'key', secretKey: 'secret' },
      timeout: 60_000,
      now: Date.now,
      maxConcurrency: 2,
      lifetimes: { list: 60_000, detail: 60_000, empty: 60_000, stale: 0 },
      cacheMemory: 1024 ** 2,
      budget: { perDay: 1, perClientPerDay: undefined },
      prices: tariff.prices,
    },
    { transport, store, ledger, report, onHit: () => undefined, onAttemptEnd: (end) => ends.push(end) },
  );
  const ask = async () => {
    const meter = new Meter();
    const allowance = new Allowance();
    allowance.admit(1, () => ({}));
    const context: CallContext = {
      client: 'bank',
      operation: { name: 'Score', requestId: 'r1' },
      meter,
      allowance,
      since: Date.now(),
      deadline: new Deadline(Number.POSITIVE_INFINITY),
    };
    const { data } = await upstream.handler(getScore.call('某某公司'), context);
    return { data, cost: meter.cost(tariff) };
  };

  const calls = { GetList: 0, GetDetail: 0, GetScore: 1 };
  expect(await ask()).toMatchObject({ data: 71, cost: { billed: 1, calls, amount: '0.35' } });
  // The budget of one call is spent, so the second answer comes from the cache.
  expect(await ask()).toMatchObject({ data: 71, cost: { billed: 0, cached: 1, amount: '0' } });
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatch(/^\/api\/Scoring\/GetScore\?key=key&company=%E6%9F%90/);
  expect(ends).toMatchObject([{ method: 'GetScore', billed: 'yes', price: '0.35', client: 'bank' }]);
  const rows = [];
  for await (const row of ledger.rows(0, Number.POSITIVE_INFINITY)) rows.push(row);
  expect(rows).toMatchObject([{ method: 'GetScore', subject: '某某公司', billed: 'yes', price: '0.35' }]);
});
