import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';
import { add as addDecimals, type Decimal, parseDecimal, ZERO } from '../money/decimal';
import { createStore } from '../store';

/** The cost of all operations since the page was opened. */
export interface PageCost {
  readonly billed: number;
  readonly maybeBilled: number;
  /** Answers that needed no call: cached, shared with another request, or taken from the list. */
  readonly callsAvoided: number;
  /** Yuan. Undefined if the gateway knows no prices. */
  readonly amount: Decimal | undefined;
  readonly sandbox: boolean;
}

/** `extensions.cost` of a response, as far as this page reads it. */
export interface Cost {
  readonly billed: number;
  readonly maybeBilled: number;
  readonly cached: number;
  readonly shared: number;
  readonly elided: number;
  readonly amount?: string;
  readonly sandbox?: boolean;
}

export const pageCost = createStore<PageCost>({
  billed: 0,
  maybeBilled: 0,
  callsAvoided: 0,
  amount: undefined,
  sandbox: false,
});

function isCost(value: unknown): value is Cost {
  return typeof value === 'object' && value !== null && 'billed' in value;
}

function add(cost: Cost): void {
  const total = pageCost.get();
  const amount = cost.amount === undefined ? undefined : parseDecimal(cost.amount);
  pageCost.set({
    billed: total.billed + cost.billed,
    maybeBilled: total.maybeBilled + cost.maybeBilled,
    callsAvoided: total.callsAvoided + cost.cached + cost.shared + cost.elided,
    amount: amount === undefined ? total.amount : addDecimals(total.amount ?? ZERO, amount),
    sandbox: total.sandbox || cost.sandbox === true,
  });
}

/** Adds up `extensions.cost` of all responses, and gives each to the operation that it belongs to. */
export const costLink = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => {
      if (!isCost(extensions?.cost)) return;
      add(extensions.cost);
      operation.getContext().onCost?.(extensions.cost);
    }),
  ),
);
