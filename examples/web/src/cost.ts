import { ApolloLink } from '@apollo/client';
import { useSyncExternalStore } from 'react';
import { tap } from 'rxjs';

/** The cost of all operations since the page was opened. */
export interface PageCost {
  readonly billed: number;
  readonly maybeBilled: number;
  /** Answers that needed no call: cached, shared with another request, or taken from the list. */
  readonly callsAvoided: number;
  /** Yuan. Null if the gateway knows no prices. */
  readonly amount: number | null;
  readonly sandbox: boolean;
}

let total: PageCost = { billed: 0, maybeBilled: 0, callsAvoided: 0, amount: null, sandbox: false };
const listeners = new Set<() => void>();

/** `extensions.cost` of a response, as far as this page reads it. */
interface Cost {
  readonly billed: number;
  readonly maybeBilled: number;
  readonly cached: number;
  readonly shared: number;
  readonly elided: number;
  readonly amount?: string;
  readonly sandbox?: boolean;
}

function isCost(value: unknown): value is Cost {
  return typeof value === 'object' && value !== null && 'billed' in value;
}

function add(cost: Cost): void {
  total = {
    billed: total.billed + cost.billed,
    maybeBilled: total.maybeBilled + cost.maybeBilled,
    callsAvoided: total.callsAvoided + cost.cached + cost.shared + cost.elided,
    amount: cost.amount === undefined ? total.amount : (total.amount ?? 0) + Number(cost.amount),
    sandbox: total.sandbox || cost.sandbox === true,
  };
  for (const listener of listeners) listener();
}

/** Adds up `extensions.cost` of all responses. */
export const costLink = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => {
      if (isCost(extensions?.cost)) add(extensions.cost);
    }),
  ),
);

export function usePageCost(): PageCost {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => total,
  );
}
