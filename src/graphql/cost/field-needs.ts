import type { PageDemand } from '../paging/page-plan.js';
import type { Window } from '../paging/window.js';
import type { Selection } from './selection.js';

/** The fields of a detail that only GetDetail provides. */
export const DETAIL_ONLY_FIELDS = ['certificateNo', 'judgmentDebtor'];

/** Whether the selection on a case without a list row needs its detail: any field but its id does. */
export function needsDetail({ names }: Selection): boolean {
  return [...names].some((name) => name !== 'id');
}

/**
 * What a selection on a connection needs: the rows of its window, the length of the list. Evidence comes with the rows; a
 * window that cannot hold any needs what gives the length.
 */
export function connectionNeeds(selection: Selection, window: Window): Pick<PageDemand, 'rows' | 'total'> {
  const pageInfo = selection.has('pageInfo') ? selection.under('pageInfo') : undefined;
  const rows = selection.has('nodes', 'edges') || pageInfo?.has('startCursor', 'endCursor') === true;
  const total = selection.has('totalCount') || pageInfo?.has('hasNextPage', 'hasPreviousPage') === true;
  const evidence = selection.has('retrievedAt', 'stale', 'orderNumbers');
  return { rows, total: total || (evidence && !(rows && mayHoldRows(window))) };
}

function mayHoldRows({ count, start, end }: Window): boolean {
  return count > 0 && (end === null || start < end);
}
