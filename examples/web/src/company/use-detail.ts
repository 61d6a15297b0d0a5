import { useEffect, useState } from 'react';
import type { DetailQuery } from '../gql/graphql';
import { ask } from '../graph/ask';
import { DETAIL } from '../graph/operations';
import type { Problem } from '../graph/problem';
import type { Estimate } from '../money/estimate';

type Detail = NonNullable<NonNullable<DetailQuery['endCase']>['detail']>;

interface State {
  readonly loading: boolean;
  /** Null if QCC knows no such case. */
  readonly detail: Detail | null | undefined;
  readonly problems: readonly Problem[];
  readonly price: Estimate | undefined;
  /** Whether the reader may not see the certificate number. */
  readonly isCertificateHidden: boolean;
}

const isHidden = ({ code, path }: Problem) => code === 'FORBIDDEN' && path.at(-1) === 'certificateNo';

/** The detail of a case: free if the gateway has it, else offered at its price. `open` accepts one billed call. */
export function useDetail(id: string): State & { readonly open: () => void } {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<State>({
    loading: true,
    detail: undefined,
    problems: [],
    price: undefined,
    isCertificateHidden: false,
  });
  useEffect(() => {
    const controller = new AbortController();
    const limit = attempt > 0 ? 1 : 0;
    setState((known) => ({ ...known, loading: true }));
    ask(DETAIL, { id }, { limit, signal: controller.signal }).then(
      ({ data, problems }) => {
        const price = limit === 0 ? problems.find(({ estimate }) => estimate)?.estimate : undefined;
        const others = problems.filter((problem) => !isHidden(problem));
        setState({
          loading: false,
          detail: others.length > 0 ? (data?.endCase?.detail ?? undefined) : (data?.endCase?.detail ?? null),
          problems: price ? [] : others,
          price,
          isCertificateHidden: problems.some(isHidden),
        });
      },
      () => undefined, // The reader has left.
    );
    return () => controller.abort();
  }, [id, attempt]);
  return { ...state, open: () => setAttempt((count) => count + 1) };
}
