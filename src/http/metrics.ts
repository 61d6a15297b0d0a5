import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationEnd } from '../graphql/context.js';
import { AVOID_REASONS } from '../ledger/savings.js';
import type { AttemptEnd } from '../upstream/instrument.js';
import type { Tier } from '../upstream/memory-cache.js';
import type { UpstreamState } from '../upstream/policy/circuits.js';
import type { StoreHealth } from './health.js';

/** What a scrape reads at the moment it asks. */
export interface Readings {
  store(): StoreHealth;
  upstream(): UpstreamState;
  /** Calls that wait for a place upstream, and calls that have one. */
  queue(): { readonly waiting: number; readonly active: number };
  requests(): number;
  /** Billed calls that all together may make in a day; undefined: no limit. */
  readonly budgetLimit: number | undefined;
  /** Billed calls left today; undefined where there is no limit, or it cannot be read. */
  budgetLeft(): Promise<number | undefined>;
}

/** More clients than this are counted as one: each is a series of its own. */
const MAX_CLIENTS = 200;
const OTHERS = 'other';
const STATES: readonly UpstreamState[] = ['ok', 'open', 'refused'];
/** Seconds. */
const DURATIONS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What Prometheus is told. Names follow its conventions: a unit, and `_total` on counters. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #clients = new Set<string>();
  readonly #operations = this.#counter('operations_total', 'GraphQL operations, by client and outcome.', [
    'client',
    'outcome',
  ]);
  readonly #errors = this.#counter('errors_total', 'Errors in responses, by code.', ['code']);
  readonly #refused = this.#counter(
    'requests_refused_total',
    'Requests turned away before any GraphQL was read, by code.',
    ['code'],
  );
  readonly #durations = this.#histogram('operation_duration_seconds', 'Time from arrival to response.', []);
  readonly #calls = this.#counter(
    'upstream_calls_total',
    "Attempts made upstream, by method, QCC's status (none where none came) and whether they were billed.",
    ['method', 'status', 'billed'],
  );
  readonly #callDurations = this.#histogram(
    'upstream_call_duration_seconds',
    'Time that attempts upstream took.',
    ['method'],
  );
  readonly #billed = this.#counter('billed_calls_total', 'Billed attempts, by the client who asked.', [
    'client',
  ]);
  readonly #spend = this.#counter('spend_yuan_total', 'Yuan spent upstream, where the prices are known.', [
    'method',
  ]);
  readonly #spared = this.#counter(
    'calls_avoided_total',
    'Answers that cost nothing: cached, shared with another request, or elided for the list row held them.',
    ['method', 'reason'],
  );
  readonly #hits = this.#counter('cache_hits_total', 'Answers found, by layer: memory or store.', ['layer']);

  readonly #replayed = this.#counter(
    'response_cache_hits_total',
    'Operations answered with the finished body of another that was the same.',
    [],
  );

  constructor(readings: Readings) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge(
      'store_up',
      'Whether the shared store is reached; 0 while the spool takes its place.',
      (gauge) => gauge.set(readings.store() === 'ok' ? 1 : 0),
    );
    this.#gauge('upstream_queue_depth', 'Calls that wait for a place upstream.', (gauge) =>
      gauge.set(readings.queue().waiting),
    );
    this.#gauge('upstream_calls_in_flight', 'Calls under way upstream.', (gauge) =>
      gauge.set(readings.queue().active),
    );
    this.#gauge('requests_in_flight', 'Requests that are read, waited for or answered.', (gauge) =>
      gauge.set(readings.requests()),
    );
    this.#gauge(
      'upstream_state',
      'Circuits before QCC: 1 for the state that holds. refused: QCC refuses the account.',
      (gauge) => {
        for (const state of STATES) gauge.set({ state }, readings.upstream() === state ? 1 : 0);
      },
      ['state'],
    );
    this.#gauge('budget_limit_calls', 'Billed calls a day (Asia/Shanghai); NaN without a limit.', (gauge) =>
      gauge.set(readings.budgetLimit ?? Number.NaN),
    );
    this.#gauge(
      'budget_left_calls',
      'Billed calls left today (Asia/Shanghai); NaN without a limit.',
      async (gauge) => gauge.set((await readings.budgetLeft()) ?? Number.NaN),
    );
  }

  upstreamCall({ method, status, billed, duration, price, client }: AttemptEnd): void {
    this.#calls.inc({ method, status: status ?? 'none', billed });
    this.#callDurations.observe({ method }, duration / 1000);
    if (billed !== 'yes') return;
    this.#billed.inc({ client: this.#labelOf(client) });
    if (price !== null) this.#spend.inc({ method }, Number(price));
  }

  operation({ client, outcome, errors, duration, meter }: OperationEnd): void {
    this.#operations.inc({ client: this.#labelOf(client), outcome });
    this.#durations.observe(duration / 1000);
    for (const code of errors) this.#errors.inc({ code });
    for (const reason of AVOID_REASONS) {
      for (const [method, count] of meter.callsAvoided[reason]) this.#spared.inc({ method, reason }, count);
    }
  }

  /** An operation that was answered without running. @param answers that memory gave to the one that ran */
  operationReplayed(answers: number): void {
    this.#replayed.inc();
    this.cacheHit('memory', answers);
  }

  requestRefused(code: string): void {
    this.#refused.inc({ code });
  }

  cacheHit(layer: Tier, count = 1): void {
    this.#hits.inc({ layer }, count);
  }

  /** Serves `/metrics`. */
  addTo(app: FastifyInstance): void {
    app.get('/metrics', async (_request, reply) => {
      return reply.header('content-type', this.#registry.contentType).send(await this.#registry.metrics());
    });
  }

  #labelOf(client: string): string {
    if (this.#clients.size < MAX_CLIENTS) this.#clients.add(client);
    return this.#clients.has(client) ? client : OTHERS;
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: `endcase_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> {
    const registers = [this.#registry];
    return new Histogram({ name: `endcase_${name}`, help, labelNames, buckets: DURATIONS, registers });
  }

  #gauge<L extends string>(
    name: string,
    help: string,
    read: (gauge: Gauge<L>) => void | Promise<void>,
    labelNames: L[] = [],
  ): void {
    new Gauge<L>({
      name: `endcase_${name}`,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        return read(this);
      },
    });
  }
}
