import * as z from 'zod';
import type { Config } from '../../config/config.js';
import { SAMPLE } from '../../graphql/server/sample.js';
import { getList } from '../../qcc/methods.js';
import { reasonOf } from '../environment-faults.js';
import { configForOneClient } from '../one-client.js';
import { type Finding, ok, wrong } from './finding.js';

/** The client that makes the call, in budgets, the ledger and usage. */
const CLIENT = 'doctor';
const { searchKey } = SAMPLE.variables;
const QUERY =
  'query Doctor($searchKey: String!) { company(searchKey: $searchKey) { endCases(first: 1) { totalCount } } }';

const response = z.object({
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
  extensions: z.object({
    cost: z.object({
      billed: z.number(),
      maybeBilled: z.number(),
      orderNumbers: z.array(z.string()),
      amount: z.string().optional(),
    }),
  }),
});

/** What the call will cost, before it is made. */
export function describePrice({ prices }: Config): string {
  const price = prices?.[getList.name];
  const cost = price === undefined ? 'at a price that is not configured' : `for ${price} yuan`;
  return `Buying one page of ${searchKey} ${cost} …`;
}

/**
 * Makes one real call through a gateway of its own, which shares the store, and so the budgets and the ledger, with those
 * that are running.
 *
 * @returns `isLimited`: a budget or a limit refused it
 */
export async function purchase(config: Config): Promise<{ finding: Finding; isLimited: boolean }> {
  const { config: own, key } = configForOneClient(config, CLIENT);
  try {
    const { createGateway } = await import('../../gateway.js');
    const gateway = await createGateway({
      ...own,
      costExtension: true,
      // The call must not be answered from the cache.
      lifetimes: { list: 0, detail: 0, empty: 0, stale: 0 },
      logLevel: 'silent',
    });
    try {
      return judge(await ask(gateway.url, key));
    } finally {
      await gateway.close();
    }
  } catch (error) {
    return { finding: wrong('purchase', `no call could be made: ${reasonOf(error)}`), isLimited: false };
  }
}

async function ask(url: string, key: string): Promise<z.infer<typeof response>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: QUERY, variables: { searchKey } }),
  });
  return response.parse(await answer.json());
}

function judge({ errors, extensions: { cost } }: z.infer<typeof response>): {
  finding: Finding;
  isLimited: boolean;
} {
  const { billed, maybeBilled, orderNumbers, amount } = cost;
  const marks = [
    `billed: ${maybeBilled > 0 ? 'maybe' : billed}`,
    ...(amount === undefined ? [] : [`${amount} yuan`]),
    ...orderNumbers.map((number) => `order number ${number}`),
  ].join(', ');
  const [error] = errors ?? [];
  if (error === undefined) return { finding: ok('purchase', `QCC answered, ${marks}`), isLimited: false };
  const { code } = error.extensions;
  return {
    finding: wrong('purchase', `${code}: ${error.message} (${marks}). docs/errors.md says what to do`),
    isLimited: code === 'BUDGET_EXCEEDED' || code === 'COST_LIMIT_EXCEEDED',
  };
}
