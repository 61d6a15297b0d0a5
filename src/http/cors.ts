import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** The origins of Apollo Sandbox: its own page, and its frame inside other pages. */
const APOLLO_SANDBOX = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
/** Response headers that a script in another origin may read. */
const EXPOSED_HEADERS = [
  'x-cost-billed',
  'x-cost-maybe-billed',
  'x-cost-amount',
  'x-request-id',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
];

/**
 * Answers cross-origin requests (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * @param allowList the origins allowed; undefined: loopback origins and Apollo Sandbox
 */
export async function addCors(app: FastifyInstance, allowList: readonly string[] | undefined): Promise<void> {
  const allowed = new Set(allowList ?? APOLLO_SANDBOX);
  const isAllowed = (origin: string) =>
    allowed.has(origin) || (allowList === undefined && LOOPBACK_ORIGIN.test(origin));
  await app.register(cors, {
    origin: (origin, callback) => callback(null, origin !== undefined && isAllowed(origin)),
    methods: ['GET', 'POST'],
    exposedHeaders: EXPOSED_HEADERS,
  });
}
