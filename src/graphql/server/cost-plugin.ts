import type { ApolloServerPlugin } from '@apollo/server';
import type { Tariff } from '../../ledger/price.js';
import { type Cost, Meter } from '../../upstream/meter.js';
import type { Context } from '../context.js';

export interface CostSettings {
  readonly tariff: Tariff;
  /** Whether answers come from the sandbox: invented data that nobody bills. */
  readonly sandbox: boolean;
  /** Whether responses carry `extensions.cost`. They carry the headers in any case. */
  readonly extension: boolean;
}

/** The totals of a cost as response headers. */
function costHeaders({ billed, maybeBilled, amount }: Cost): Record<string, string> {
  return {
    'x-cost-billed': String(billed),
    'x-cost-maybe-billed': String(maybeBilled),
    ...(amount === undefined ? {} : { 'x-cost-amount': amount }),
  };
}

/** The cost of a request that was refused before it ran, as headers and as part of its body. */
export function unspent({ tariff, sandbox, extension }: CostSettings) {
  const cost = new Meter().cost(tariff);
  return {
    headers: { ...costHeaders(cost), 'cache-control': 'no-store' },
    body: extension ? { extensions: { cost: { ...cost, ...(sandbox ? { sandbox } : {}) } } } : {},
  };
}

/** Puts the cost of a request on its response: in `extensions.cost`, and in headers because routers drop extensions. */
export function costPlugin({ tariff, sandbox, extension }: CostSettings): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response, contextValue }) {
          const cost = contextValue.meter.cost(tariff);
          for (const [name, value] of Object.entries(costHeaders(cost)))
            response.http.headers.set(name, value);
          const { estimate } = contextValue;
          if (!(extension || estimate) || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          singleResult.extensions = {
            ...singleResult.extensions,
            cost: { ...cost, ...(sandbox ? { sandbox } : {}), ...(estimate ? { estimate } : {}) },
          };
        },
      };
    },
  };
}
