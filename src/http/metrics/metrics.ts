import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics } from 'prom-client';
import type { OperationEnd } from '../../graphql/context.js';
import { AVOID_REASONS } from '../../ledger/savings.js';
import type { AttemptEnd } from '../../upstream/instrument.js';
import type { Tier } from '../../upstream/memory-cache.js';
import { type GaugeSources, registerGauges } from './gauges.js';
import { Instruments } from './instruments.js';

/** Each client is a time series of its own: clients beyond this number share the label `other`. */
const MAX_CLIENTS = 200;
const OTHER_CLIENTS = 'other';

/** The metrics of one gateway. Each method records one event. */
export class Metrics {
  readonly #instruments = new Instruments();
  readonly #clients = new Set<string>();
  readonly #operations = this.#instruments.counter(
    'operations_total',
    'GraphQL operations, by client and outcome: ok, partial, failed, client_error, dry_run or persisted_query_not_found.',
    ['client', 'outcome'],
  );
  readonly #operationDurations = this.#instruments.histogram(
    'operation_duration_seconds',
    'Time from the arrival of an operation to its response.',
  );
  readonly #errors = this.#instruments.counter('errors_total', 'Errors in GraphQL responses, by code.', [
    'code',
  ]);
  readonly #refusedRequests = this.#instruments.counter(
    'requests_refused_total',
    'Requests refused before their GraphQL was read, by code.',
    ['code'],
  );
  readonly #upstreamCalls = this.#instruments.counter(
    'upstream_calls_total',
    'Attempts to call QCC, by method, status (none: no answer) and whether the attempt was billed.',
    ['method', 'status', 'billed'],
  );
  readonly #upstreamCallDurations = this.#instruments.histogram(
    'upstream_call_duration_seconds',
    'Duration of attempts to call QCC, by method.',
    ['method'],
  );
  readonly #oddAnswers = this.#instruments.counter(
    'odd_answers_total',
    'Answers of QCC that are unusual but were served, by method and oddity.',
    ['method', 'oddity'],
  );
  readonly #billedCalls = this.#instruments.counter(
    'billed_calls_total',
    'Billed attempts to call QCC, by client.',
    ['client'],
  );
  readonly #spend = this.#instruments.counter(
    'spend_yuan_total',
    'Yuan spent on billed calls, by method. Needs configured prices.',
    ['method'],
  );
  readonly #callsAvoided = this.#instruments.counter(
    'calls_avoided_total',
    'Upstream calls avoided, by method and reason: cached, shared with another request, or elided because the list row had every selected field.',
    ['method', 'reason'],
  );
  readonly #cacheHits = this.#instruments.counter(
    'cache_hits_total',
    'Answers found in the cache, by layer: memory or store.',
    ['layer'],
  );
  readonly #responseCacheHits = this.#instruments.counter(
    'response_cache_hits_total',
    'Operations answered from the response cache.',
  );

  constructor(sources: GaugeSources) {
    collectDefaultMetrics({ register: this.#instruments.registry });
    registerGauges(this.#instruments, sources);
  }

  recordUpstreamCall({ method, status, billed, duration, price, client, oddity }: AttemptEnd): void {
    this.#upstreamCalls.inc({ method, status: status ?? 'none', billed });
    this.#upstreamCallDurations.observe({ method }, duration / 1000);
    if (oddity !== null) this.#oddAnswers.inc({ method, oddity });
    if (billed !== 'yes') return;
    this.#billedCalls.inc({ client: this.#clientLabel(client) });
    if (price !== null) this.#spend.inc({ method }, Number(price));
  }

  recordOperation({ client, outcome, errors, duration, meter }: OperationEnd): void {
    this.#operations.inc({ client: this.#clientLabel(client), outcome });
    this.#operationDurations.observe(duration / 1000);
    for (const code of errors) this.#errors.inc({ code });
    for (const reason of AVOID_REASONS) {
      for (const [method, count] of meter.callsAvoided[reason]) {
        this.#callsAvoided.inc({ method, reason }, count);
      }
    }
  }

  /** @param answers answers that the operation would have read from memory, had it run */
  recordResponseCacheHit(answers: number): void {
    this.#responseCacheHits.inc();
    this.recordCacheHit('memory', answers);
  }

  recordCacheHit(tier: Tier, answers = 1): void {
    this.#cacheHits.inc({ layer: tier }, answers);
  }

  recordRefusedRequest(code: string): void {
    this.#refusedRequests.inc({ code });
  }

  /** Serves the metrics at `/metrics`, in the text format of Prometheus. @param guard refuses a request by throwing */
  addRoute(app: FastifyInstance, guard: (request: FastifyRequest) => Promise<void> = async () => {}): void {
    const { registry } = this.#instruments;
    app.get('/metrics', { onRequest: guard }, async (_request, reply) =>
      reply.header('content-type', registry.contentType).send(await registry.metrics()),
    );
  }

  #clientLabel(client: string): string {
    if (this.#clients.size < MAX_CLIENTS) this.#clients.add(client);
    return this.#clients.has(client) ? client : OTHER_CLIENTS;
  }
}
