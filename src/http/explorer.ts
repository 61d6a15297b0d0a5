import fastifyStatic from '@fastify/static';
import { getDistDirectory, type RenderOptions, renderAltair, renderInitSnippet } from 'altair-static';
import type { FastifyInstance } from 'fastify';
import { SAMPLE } from '../graphql/server/sample.js';

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
  initialName: SAMPLE.name,
  initialQuery: SAMPLE.query,
  initialVariables: JSON.stringify(SAMPLE.variables, null, 2),
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

/** Adds `/explorer`: the GraphQL client Altair, with the assets of its npm package, so that it works offline. */
export async function addExplorerRoutes(app: FastifyInstance): Promise<void> {
  const page = renderAltair(altairOptions);
  const script = renderInitSnippet(altairOptions);
  await app.register(async (explorer) => {
    explorer.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    });
    await explorer.register(fastifyStatic, { root: getDistDirectory(), prefix: BASE, index: false });
    explorer.get('/explorer', async (_request, reply) => reply.redirect(BASE));
    explorer.get(BASE, async (_request, reply) => reply.type('text/html').send(page));
    explorer.get(OPTIONS_PATH, async (_request, reply) => reply.type('text/javascript').send(script));
  });
}
