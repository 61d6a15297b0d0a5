import type { FormattedExecutionResult } from 'graphql';
import type { Tariff } from '../../ledger/price.js';
import { Meter } from '../../upstream/meter.js';
import type { Estimate } from '../cost/priced-estimate.js';

export interface CostSettings {
  readonly tariff: Tariff;
  /** Whether answers come from the sandbox: invented data that is not billed. */
  readonly sandbox: boolean;
  /** Whether responses carry `extensions.cost`. They carry the headers in any case, and an estimate always. */
  readonly extension: boolean;
}

/** The cost of a request as part of its response body, and as headers because routers drop extensions. */
export interface ResponseCost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly extensions?: Record<string, unknown> };
}

/** @param estimate of a dry run */
export function responseCost(
  { tariff, sandbox, extension }: CostSettings,
  meter: Meter,
  estimate?: Estimate,
): ResponseCost {
  const cost = meter.cost(tariff);
  return {
    headers: {
      'cache-control': 'no-store',
      'x-cost-billed': String(cost.billed),
      'x-cost-maybe-billed': String(cost.maybeBilled),
      ...(cost.amount === undefined ? {} : { 'x-cost-amount': cost.amount }),
    },
    body:
      extension || estimate
        ? { extensions: { cost: { ...cost, ...(sandbox && { sandbox }), ...(estimate && { estimate }) } } }
        : {},
  };
}

/** The cost of a request that was refused before it ran. */
export function unspent(settings: CostSettings): ResponseCost {
  return responseCost(settings, new Meter());
}

/** A result with its cost. One that Apollo Server refused before any plugin ran has none yet, and has bought nothing. */
export function withCost(result: FormattedExecutionResult, settings: CostSettings): FormattedExecutionResult {
  return result.extensions ? result : { ...result, ...unspent(settings).body };
}
