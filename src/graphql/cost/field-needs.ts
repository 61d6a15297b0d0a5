import type { Selection } from './selection.js';

/** The fields of a detail that only GetDetail provides. */
export const DETAIL_ONLY_FIELDS = ['certificateNo', 'judgmentDebtor'];

/** Whether the selection on a case without a list row needs its detail: any field but its id does. */
export function needsDetail({ names }: Selection): boolean {
  return [...names].some((name) => name !== 'id');
}

/** What a selection on a connection needs: the rows of its window, the length of the list. */
export function connectionNeeds(selection: Selection): { readonly rows: boolean; readonly total: boolean } {
  const pageInfo = selection.has('pageInfo') ? selection.under('pageInfo') : undefined;
  return {
    rows: selection.has('nodes', 'edges') || pageInfo?.has('startCursor', 'endCursor') === true,
    total: selection.has('totalCount') || pageInfo?.has('hasNextPage', 'hasPreviousPage') === true,
  };
}
