import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../graph/problem';
import type { Estimate } from '../money/estimate';
import { Allowance } from './allowance';
import { Stopped } from './stopped';

/** What a running purchase gets from the page. */
export interface Run {
  readonly signal: AbortSignal;
  readonly allowance: Allowance;
  /** Says how many of how many parts are done. */
  report(done: number, total: number): void;
}

/** Something to buy: its price first, then the purchase. */
export interface Job {
  readonly title: string;
  price(signal: AbortSignal): Promise<Estimate>;
  run(run: Run): Promise<void>;
}

interface Progress {
  readonly done: number;
  readonly total: number;
  readonly bought: number;
}

export type PurchaseState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'pricing'; readonly job: Job }
  | { readonly phase: 'offered'; readonly job: Job; readonly estimate: Estimate }
  | ({ readonly phase: 'running' | 'cancelled' | 'done'; readonly job: Job } & Progress)
  | ({ readonly phase: 'stopped'; readonly job: Job; readonly problems: readonly Problem[] } & Progress);

export interface Purchase {
  readonly state: PurchaseState;
  /** Asks for the price of a job. What costs nothing runs at once. */
  offer(job: Job): void;
  /** Buys what was offered, at most `limit` answers. */
  confirm(limit: number): void;
  /** Stops: requests under way are aborted, and no further one is sent. */
  cancel(): void;
  dismiss(): void;
}

const NO_PROGRESS: Progress = { done: 0, total: 0, bought: 0 };

/** One purchase at a time, which ends when the reader leaves. */
export function usePurchase(): Purchase {
  const [state, setState] = useState<PurchaseState>({ phase: 'idle' });
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);

  const start = useCallback(async (job: Job, limit: number, { signal }: AbortController) => {
    const allowance = new Allowance(limit);
    let progress = NO_PROGRESS;
    const report = (done: number, total: number) => {
      progress = { done, total, bought: allowance.bought };
      if (!signal.aborted) setState({ phase: 'running', job, ...progress });
    };
    report(0, 1);
    const end = await endOf(job.run({ signal, allowance, report }));
    const bought = allowance.bought;
    if (signal.aborted) setState({ phase: 'cancelled', job, ...progress, bought });
    else if (end) setState({ phase: 'stopped', job, ...progress, bought, problems: end.problems });
    else setState({ phase: 'done', job, ...progress, bought });
  }, []);

  const renew = () => {
    controller.current?.abort();
    controller.current = new AbortController();
    return controller.current;
  };

  return {
    state,
    async offer(job) {
      const own = renew();
      setState({ phase: 'pricing', job });
      let estimate: Estimate | undefined;
      const end = await endOf(
        job.price(own.signal).then((priced) => {
          estimate = priced;
        }),
      );
      if (own.signal.aborted) return;
      if (end) setState({ phase: 'stopped', job, ...NO_PROGRESS, problems: end.problems });
      else if (estimate?.max === 0) await start(job, 0, own);
      else if (estimate) setState({ phase: 'offered', job, estimate });
    },
    confirm(limit) {
      if (state.phase === 'offered') void start(state.job, limit, renew());
    },
    cancel() {
      controller.current?.abort();
      if (state.phase !== 'running') setState({ phase: 'idle' });
    },
    dismiss: () => setState({ phase: 'idle' }),
  };
}

/** Why a purchase ended early; undefined if it did not, or if the reader cancelled it. */
async function endOf(work: Promise<void>): Promise<Stopped | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Stopped) return error;
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}
