import fastifyStatic from '@fastify/static';
import { getDistDirectory, type RenderOptions, renderAltair, renderInitSnippet } from 'altair-static';
import type { FastifyInstance } from 'fastify';
import { SAMPLES } from '../graphql/server/samples.js';

const BASE = '/explorer/';
const OPTIONS_PATH = `${BASE}options.js`;
/** Nothing comes from elsewhere: what is not in this process is not there. */
const CONTENT_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
].join('; ');

/** `/explorer`: Altair, a GraphQL client, with its assets out of its own package. */
export async function addExplorer(app: FastifyInstance): Promise<void> {
  const options: RenderOptions = {
    baseURL: BASE,
    endpointURL: '/graphql',
    initialName: SAMPLES[0]?.name ?? 'Query',
    initialQuery: SAMPLES[0]?.query ?? '',
    initialVariables: JSON.stringify(SAMPLES[0]?.variables ?? {}, null, 2),
    instanceStorageNamespace: 'endcase_',
    serveInitialOptionsInSeperateRequest: OPTIONS_PATH,
    disableAccount: true,
    initialSettings: {
      'banners.disable': true,
      'alert.disableUpdateNotification': true,
      disablePushNotification: true,
    },
  };
  const page = renderAltair(options);
  const script = renderInitSnippet(options);
  await app.register(fastifyStatic, { root: getDistDirectory(), prefix: BASE, index: false });
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith(BASE)) reply.header('content-security-policy', CONTENT_POLICY);
  });
  app.get('/explorer', async (_request, reply) => reply.redirect(BASE));
  app.get(BASE, async (_request, reply) => reply.type('text/html').send(page));
  app.get(OPTIONS_PATH, async (_request, reply) => reply.type('text/javascript').send(script));
}
