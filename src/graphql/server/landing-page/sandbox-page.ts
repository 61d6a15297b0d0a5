import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { Context } from '../../context.js';
import { SAMPLE } from '../sample.js';

/** Milliseconds after which a script that is still loading counts as one that cannot be loaded. */
const LOAD_TIMEOUT = 10_000;

/**
 * The page with Apollo Sandbox, whose script comes from Apollo's servers. Where it cannot be loaded, the page leads to
 * another that works offline.
 *
 * @param offlinePage the path of that page
 */
export function sandboxPage(offlinePage: string): ApolloServerPlugin<Context> {
  const { serverWillStart } = ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    document: SAMPLE.query,
    variables: SAMPLE.variables,
  });
  return {
    async serverWillStart(server) {
      const listener = (await serverWillStart?.(server)) ?? {};
      const page = await listener.renderLandingPage?.();
      if (page === undefined) throw new TypeError('Apollo Server renders no landing page');
      const { html } = page;
      const render = typeof html === 'string' ? async () => html : html;
      return {
        ...listener,
        renderLandingPage: async () => ({ html: async () => withOfflinePage(await render(), offlinePage) }),
      };
    },
  };
}

/** Adds a script. The page allows those that have its nonce. */
function withOfflinePage(html: string, offlinePage: string): string {
  const [, nonce] = /<script nonce="([\da-f]+)"/.exec(html) ?? [];
  if (nonce === undefined) throw new TypeError('the page with Apollo Sandbox has no script with a nonce');
  const script = `
const leave = () => { if (window.EmbeddedSandbox === undefined) location.replace(${JSON.stringify(offlinePage)}); };
document.addEventListener('DOMContentLoaded', leave);
setTimeout(leave, ${LOAD_TIMEOUT});`;
  return html.replace('<body>', () => `<body>\n<script nonce="${nonce}">${script}\n</script>`);
}
