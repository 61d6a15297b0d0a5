import { useEffect, useRef } from 'react';
import { Problems } from '../parts/Problems';
import { useText } from '../text/text';
import { PurchaseOffer } from './PurchaseOffer';
import type { Purchase } from './use-purchase';

interface Props {
  readonly purchase: Purchase;
  /** Whether the reader may lower the limit. */
  readonly canLimit?: boolean;
}

/** The price of what the reader wants, the progress of buying it, and how it ended. */
export function PurchasePanel({ purchase, canLimit = false }: Props) {
  const text = useText();
  const { state } = purchase;
  const panel = useRef<HTMLElement>(null);
  const { phase } = state;
  const isOpen = useRef(false);
  useEffect(() => {
    // The button that had the focus is gone, or the panel has just opened.
    if (phase !== 'idle' && (!isOpen.current || document.activeElement === document.body))
      panel.current?.focus();
    isOpen.current = phase !== 'idle';
  }, [phase]);
  if (state.phase === 'idle') return null;
  return (
    <section className="purchase" aria-label={state.job.title} tabIndex={-1} ref={panel}>
      <h3>{state.job.title}</h3>
      {state.phase === 'pricing' && (
        <>
          <p role="status">{text.purchase.pricing}</p>
          <button type="button" onClick={purchase.cancel}>
            {text.purchase.cancel}
          </button>
        </>
      )}
      {state.phase === 'offered' && (
        <PurchaseOffer
          estimate={state.estimate}
          canLimit={canLimit}
          onConfirm={purchase.confirm}
          onCancel={purchase.cancel}
        />
      )}
      {state.phase === 'running' && (
        <>
          <progress value={state.done} max={Math.max(1, state.total)} aria-label={state.job.title} />
          <p>
            {text.purchase.running(state.done, state.total)} · {text.purchase.bought(state.bought)}
          </p>
          <button type="button" onClick={purchase.cancel}>
            {text.purchase.stop}
          </button>
        </>
      )}
      {(state.phase === 'done' || state.phase === 'cancelled' || state.phase === 'stopped') && (
        <>
          <p role="status">
            {text.purchase[state.phase]} {text.purchase.bought(state.bought)}
          </p>
          {state.phase === 'stopped' && (
            <Problems problems={state.problems} onRetry={() => purchase.offer(state.job)} />
          )}
          <button type="button" onClick={purchase.dismiss}>
            {text.close}
          </button>
        </>
      )}
    </section>
  );
}
