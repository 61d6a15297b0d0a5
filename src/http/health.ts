import type { FastifyInstance } from 'fastify';
import type { UpstreamState } from '../upstream/policy/circuits.js';

export type StoreHealth = 'ok' | 'degraded';

/** What an orchestrator is told. */
export interface Health {
  /** False while starting or draining: send no new work. */
  ready(): boolean;
  /** State of the store; it degrades the gateway, it does not unload it. */
  store(): StoreHealth;
  /** State of the upstream's circuits; likewise. */
  upstream(): UpstreamState;
}

/** `/healthz`: the process is up. `/readyz`: whether to send work here, and how well it will be served. */
export function addHealth(app: FastifyInstance, health: Health): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const [store, upstream] = [health.store(), health.upstream()];
    if (!health.ready()) return reply.code(503).send({ status: 'draining', store, upstream });
    return { status: store === 'ok' && upstream === 'ok' ? 'ok' : 'degraded', store, upstream };
  });
}
