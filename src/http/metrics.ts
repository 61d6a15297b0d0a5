import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { StoreHealth } from './health.js';

/** What a scrape reads at the moment it asks. */
export interface Readings {
  store(): StoreHealth;
}

/** An upstream attempt that has ended. */
export interface EndedCall {
  readonly method: string;
  readonly status: string | null;
  readonly billed: 'yes' | 'no' | 'maybe';
}

/** What Prometheus is told. Names follow its conventions: a unit, and `_total` on counters. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls = new Counter({
    name: 'endcase_upstream_calls_total',
    help: "Attempts made upstream, by method, QCC's status (none where none came) and whether they were billed.",
    labelNames: ['method', 'status', 'billed'],
    registers: [this.#registry],
  });
  readonly #spared = new Counter({
    name: 'endcase_answers_spared_total',
    help: 'Answers that cost nothing: cached, shared with another request, or elided for the list row held them.',
    labelNames: ['method', 'how'],
    registers: [this.#registry],
  });

  constructor(readings: Readings) {
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'endcase_store_up',
      help: 'Whether the shared store is reached; 0 while the spool takes its place.',
      registers: [this.#registry],
      collect() {
        this.set(readings.store() === 'ok' ? 1 : 0);
      },
    });
  }

  upstreamCall({ method, status, billed }: EndedCall): void {
    this.#calls.inc({ method, status: status ?? 'none', billed });
  }

  answersSpared(method: string, how: string, count: number): void {
    if (count > 0) this.#spared.inc({ method, how }, count);
  }

  /** Serves `/metrics`. */
  addTo(app: FastifyInstance): void {
    app.get('/metrics', async (_request, reply) => {
      return reply.header('content-type', this.#registry.contentType).send(await this.#registry.metrics());
    });
  }
}
