import type { ApolloServerPlugin } from '@apollo/server';
import type { Prices } from '../spend/price.js';
import type { Context } from './context.js';

export interface CostSettings {
  readonly prices: Prices | undefined;
  /** Whether what was bought is invented data, that nobody bills. */
  readonly sandbox: boolean;
  /** Whether responses carry `extensions.cost`; the headers stay either way. */
  readonly extension: boolean;
}

/** Puts what a request cost on its response: in `extensions.cost`, and its totals in headers, for routers drop extensions. */
export function costPlugin({ prices, sandbox, extension }: CostSettings): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response, contextValue }) {
          const cost = contextValue.meter.cost(prices);
          const { headers } = response.http;
          headers.set('x-cost-billed', String(cost.billed));
          headers.set('x-cost-maybe-billed', String(cost.maybeBilled));
          if (cost.amount !== undefined) headers.set('x-cost-amount', cost.amount);
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
