import { createStore } from '../store';

export type Route =
  | { readonly view: 'company'; readonly searchKey: string | undefined }
  | { readonly view: 'portfolio' }
  | { readonly view: 'spending' };

function readRoute(hash: string): Route {
  const [, view, rest] = /^#\/(company|portfolio|spending)(?:\/(.*))?$/.exec(hash) ?? [];
  if (view === 'portfolio' || view === 'spending') return { view };
  return { view: 'company', searchKey: decode(rest) };
}

/** An address that was cut or mistyped is no company. */
function decode(text: string | undefined): string | undefined {
  try {
    return text ? decodeURIComponent(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The address of a view, as a fragment: it works on any web server, and is never sent to one. */
export function addressOf(route: Route): string {
  if (route.view !== 'company') return `#/${route.view}`;
  return route.searchKey === undefined ? '#/company' : `#/company/${encodeURIComponent(route.searchKey)}`;
}

/** The view that the address bar shows. */
export const route = createStore<Route>(readRoute(location.hash));

/** How far each view was scrolled when the reader left it. */
const scrolled = new Map<Route['view'], number>();
history.scrollRestoration = 'manual';
addEventListener('hashchange', () => {
  scrolled.set(route.get().view, scrollY);
  route.set(readRoute(location.hash));
});

/** Where a view begins: a long list where the reader left it, a company at its top. */
export function scrollToView(view: Route['view']): void {
  scrollTo(0, view === 'company' ? 0 : (scrolled.get(view) ?? 0));
}

let approved: string | undefined;

/** Opens a company for a reader who accepted one billed call for it. */
export function search(searchKey: string): void {
  approved = searchKey;
  const address = addressOf({ view: 'company', searchKey });
  if (location.hash === address) route.set(readRoute(address));
  else location.hash = address;
}

/** Whether the reader searched for this company, rather than reloaded its address or came back to it. */
export const isApproved = (searchKey: string) => approved === searchKey;

export function endApproval(): void {
  approved = undefined;
}
