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

/** The health of the parts, as `/readyz` shows it. */
interface Parts {
  readonly store: StoreHealth;
  readonly ledger: StoreHealth;
  readonly upstream: UpstreamState;
}

function partsOf(health: Health): Parts {
  return { store: health.store(), ledger: health.ledger(), upstream: health.upstream() };
}

/** A part of the gateway whose health changed. */
export interface HealthChange {
  readonly part: keyof Parts;
  readonly from: Parts[keyof Parts];
  readonly to: Parts[keyof Parts];
}

/** Milliseconds between two checks of the health. */
const HEALTH_CHECK_INTERVAL = 500;

/** Passes each change of the health to `onChange`. Returns a function that ends this. */
export function watchHealth(health: Health, onChange: (change: HealthChange) => void): () => void {
  let last: Parts = { store: 'ok', ledger: 'ok', upstream: 'ok' };
  const check = () => {
    const parts = partsOf(health);
    for (const part of ['store', 'ledger', 'upstream'] as const) {
      if (parts[part] !== last[part]) onChange({ part, from: last[part], to: parts[part] });
    }
    last = parts;
  };
  const timer = setInterval(check, HEALTH_CHECK_INTERVAL).unref();
  return () => clearInterval(timer);
}

/**
 * Adds `/healthz`, which says that the process is up, and `/readyz`, which says whether it should get requests.
 *
 * A degraded store, ledger or upstream does not make the gateway unready, because cached answers still serve.
 */
export function addHealthRoutes(app: FastifyInstance, health: Health): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const parts = partsOf(health);
    if (!health.ready()) return reply.code(503).send({ status: 'draining', ...parts });
    const allWell = Object.values(parts).every((state) => state === 'ok');
    return { status: allWell ? 'ok' : 'degraded', ...parts };
  });
}
