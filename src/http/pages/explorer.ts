import type { RenderOptions } from 'altair-static';
import type { FastifyInstance } from 'fastify';
import { SAMPLES } from '../../graphql/server/landing-page/samples.js';

const BASE = '/explorer/';
const OPTIONS_PATH = `${BASE}options.js`;
/** The page loads nothing from other hosts. Altair needs `unsafe-eval` and `unsafe-inline`. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
].join('; ');

const altairOptions: RenderOptions = {
  baseURL: BASE,
  endpointURL: '/graphql',
  initialWindows: SAMPLES.map(({ name, query, variables, headers }) => ({
    initialName: name,
    initialQuery: query,
    initialVariables: JSON.stringify(variables, null, 2),
    ...(headers ? { initialHeaders: headers } : {}),
  })),
  instanceStorageNamespace: 'endcase_',
  // An inline script would need `unsafe-inline` for scripts too.
  serveInitialOptionsInSeperateRequest: OPTIONS_PATH,
  disableAccount: true,
  initialSettings: {
    'banners.disable': true,
    'alert.disableUpdateNotification': true,
    disablePushNotification: true,
  },
};

/**
 * What Altair has no option for, run in the browser. The first time it selects the first tab, because Altair selects the
 * last. It opens the variables of each tab that is shown, which are collapsed at first.
 */
const SHOW_SAMPLES = `
let isSelected = localStorage.getItem('endcase_visited') !== null;
const opened = new WeakSet();
const selectFirst = () => {
  const tabs = [...document.querySelectorAll('app-window-switcher-item .window-switcher__item')];
  const isComplete = tabs.length === ${SAMPLES.length} && tabs.at(-1).matches('.window-switcher__item--active');
  if (isSelected || !isComplete) return;
  isSelected = true;
  localStorage.setItem('endcase_visited', '1');
  tabs[0].click();
};
const openVariables = () => {
  for (const title of document.querySelectorAll('[track-id=toggle_variables]')) {
    if (opened.has(title)) continue;
    opened.add(title);
    if (!title.parentElement.matches('.show-variables')) title.click();
  }
};
new MutationObserver(() => setTimeout(() => { selectFirst(); openVariables(); }))
  .observe(document.body, { childList: true, subtree: true, attributeFilter: ['class'] });
`;

/**
 * Adds `/explorer`: the GraphQL client Altair, with the assets of its npm package, so that it works offline. What renders
 * the page and sends the assets is loaded with the first request, because loading it takes part of a start.
 */
export async function addExplorerRoutes(app: FastifyInstance): Promise<void> {
  await app.register(async (explorer) => {
    explorer.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    });
    explorer.get('/explorer', async (_request, reply) => reply.redirect(BASE));
    explorer.get(BASE, async (_request, reply) => {
      const { renderAltair } = await import('altair-static');
      return reply.type('text/html').send(renderAltair(altairOptions));
    });
    explorer.get(OPTIONS_PATH, async (_request, reply) => {
      const { renderInitSnippet } = await import('altair-static');
      return reply.type('text/javascript').send(SHOW_SAMPLES + renderInitSnippet(altairOptions));
    });
    explorer.get<{ Params: { '*': string } }>(`${BASE}*`, async (request, reply) => {
      const [{ default: send }, { getDistDirectory }] = await Promise.all([
        import('@fastify/send'),
        import('altair-static'),
      ]);
      const path = encodeURI(request.params['*']);
      const sent = await send(request.raw, path, { root: getDistDirectory(), index: false });
      if (sent.type !== 'file') return reply.callNotFound();
      return reply.code(sent.statusCode).headers(sent.headers).send(sent.stream);
    });
  });
}
