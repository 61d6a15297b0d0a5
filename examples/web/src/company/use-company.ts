import { useEffect, useState } from 'react';
import { access } from '../access/access';
import type { PageQuery } from '../gql/graphql';
import { type Answer, ask } from '../graph/ask';
import { PAGE } from '../graph/operations';
import type { Problem } from '../graph/problem';
import type { Estimate } from '../money/estimate';
import { endApproval, isApproved } from '../routing/route';
import { useStore } from '../store';
import { type CaseList, PAGE_SIZE, withPage } from './case-list';

/** What the page knows about a company. */
export interface CompanyState {
  readonly loading: boolean;
  readonly list: CaseList | undefined;
  readonly problems: readonly Problem[];
  /** The price of page 1, if the gateway does not have it and the reader has not accepted one. */
  readonly price: Estimate | undefined;
}

export interface Company extends CompanyState {
  /** Adds a page that a purchase brought. */
  readonly add: (offset: number, answer: Answer<PageQuery>) => void;
  /** Asks for page 1 again, and accepts one billed call. */
  readonly open: () => void;
}

const EMPTY: CompanyState = { loading: true, list: undefined, problems: [], price: undefined };

/** Values that cannot be read come with a page; they add up over the pages. */
const ofValues = (problems: readonly Problem[]) =>
  problems.filter(({ code }) => code === 'UPSTREAM_DATA_INVALID');

/** Page 1 of a company: free if the gateway has it, bought if the reader searched for it, else offered at its price. */
export function useCompany(searchKey: string): Company {
  const [state, setState] = useState(EMPTY);
  const [attempt, setAttempt] = useState(0);
  const { key } = useStore(access);
  // Another key may be allowed what the last was not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const limit = attempt > 0 || isApproved(searchKey) ? 1 : 0;
    setState((known) => ({ ...known, loading: true }));
    ask(PAGE, { searchKey, first: PAGE_SIZE, offset: 0 }, { limit, signal }).then(
      (answer) => {
        if (answer.data?.company?.endCases) endApproval();
        const price = limit === 0 ? answer.problems.find(({ estimate }) => estimate)?.estimate : undefined;
        setState({
          loading: false,
          list: withPage(undefined, 0, answer),
          problems: price ? [] : answer.problems,
          price,
        });
      },
      () => undefined, // The reader has left.
    );
    return () => controller.abort();
  }, [searchKey, attempt, key]);

  return {
    ...state,
    add: (offset, answer) =>
      setState((known) => ({
        ...known,
        list: withPage(known.list, offset, answer),
        problems: [...known.problems, ...ofValues(answer.problems)],
      })),
    open: () => setAttempt((count) => count + 1),
  };
}
