import { ConnectionHandler, DefaultHandlerProvider, type RecordProxy } from 'relay-runtime';

/** Where the rows of a list come from, as far as its query selects it. */
function originOf(list: RecordProxy) {
  const [retrievedAt, stale, orderNumbers] = ['retrievedAt', 'stale', 'orderNumbers'].map((name) =>
    list.getValue(name),
  );
  return {
    dates: typeof retrievedAt === 'string' ? [retrievedAt] : [],
    isStale: stale === true,
    numbers: Array.isArray(orderNumbers) ? orderNumbers : [],
  };
}

/** Joins pages as Relay does, and unites where they come from: the oldest date, any page that is stale, all numbers. */
const connectionHandler: typeof ConnectionHandler = {
  ...ConnectionHandler,
  update(store, payload) {
    const list = () => store.get(payload.dataID)?.getLinkedRecord(payload.handleKey);
    const known = list();
    const before = payload.args.after && known ? originOf(known) : undefined;
    ConnectionHandler.update(store, payload);
    const joined = list();
    if (!before || joined?.getType() !== 'EndCaseConnection') return;
    const page = originOf(joined);
    const [oldest] = [...before.dates, ...page.dates].sort();
    if (oldest) joined.setValue(oldest, 'retrievedAt');
    if (before.isStale) joined.setValue(true, 'stale');
    if (page.numbers.length > 0) {
      joined.setValue([...new Set([...before.numbers, ...page.numbers])], 'orderNumbers');
    }
  },
};

/** A detail has the id of its case, so it gets no key of its own: Relay would take the two for one object. */
export const getDataID = ({ id }: { readonly id?: unknown }, type: string) =>
  type === 'EndCaseDetail' ? undefined : id;

export const handlerProvider = (handle: string) =>
  handle === 'connection' ? connectionHandler : DefaultHandlerProvider(handle);
