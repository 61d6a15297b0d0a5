import { ApolloLink } from '@apollo/client';
import { useSyncExternalStore } from 'react';
import { tap } from 'rxjs';

/** What this page has cost since it was opened. */
export interface PageCost {
  readonly billed: number;
  readonly maybeBilled: number;
  /** Answers that cost nothing. */
  readonly spared: number;
  /** Yuan; null while no answer told. */
  readonly amount: number | null;
  readonly sandbox: boolean;
}

let cost: PageCost = { billed: 0, maybeBilled: 0, spared: 0, amount: null, sandbox: false };
const listeners = new Set<() => void>();

interface Told {
  readonly billed: number;
  readonly maybeBilled: number;
  readonly cached: number;
  readonly shared: number;
  readonly elided: number;
  readonly amount?: string;
  readonly sandbox?: boolean;
}

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && 'billed' in value;
}

function add(told: Told): void {
  cost = {
    billed: cost.billed + told.billed,
    maybeBilled: cost.maybeBilled + told.maybeBilled,
    spared: cost.spared + told.cached + told.shared + told.elided,
    amount: told.amount === undefined ? cost.amount : (cost.amount ?? 0) + Number(told.amount),
    sandbox: cost.sandbox || told.sandbox === true,
  };
  for (const listener of listeners) listener();
}

/** Reads `extensions.cost` of every response. */
export const costLink = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => {
      if (isTold(extensions?.cost)) add(extensions.cost);
    }),
  ),
);

export function usePageCost(): PageCost {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => cost,
  );
}
