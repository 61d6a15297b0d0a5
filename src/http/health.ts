import type { FastifyInstance } from 'fastify';
import type { StoreHealth } from '../store/store.js';
import type { UpstreamState } from '../upstream/policy/circuits.js';

/** Where the health routes read the state of the gateway. */
export interface Health {
  /** False while the gateway starts or drains: it should get no new work. */
  ready(): boolean;
  store(): StoreHealth;
  /** Whether the ledger takes rows and keeps them where it should. */
  ledger(): StoreHealth;
  upstream(): UpstreamState;
}

/**
 * Adds `/healthz`, which says that the process is up, and `/readyz`, which says whether it should get requests.
 *
 * A degraded store, ledger or upstream does not make the gateway unready, because cached answers still serve.
 */
export function addHealthRoutes(app: FastifyInstance, health: Health): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const parts = { store: health.store(), ledger: health.ledger(), upstream: health.upstream() };
    if (!health.ready()) return reply.code(503).send({ status: 'draining', ...parts });
    const allWell = Object.values(parts).every((state) => state === 'ok');
    return { status: allWell ? 'ok' : 'degraded', ...parts };
  });
}
