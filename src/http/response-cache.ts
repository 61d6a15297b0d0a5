import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Dependencies } from '../cache/dependencies.js';
import type { Caller } from '../graphql/caller.js';
import type { Context, OperationEnd } from '../graphql/context.js';
import { DRY_RUN } from '../graphql/server/spending-plugin.js';

const JSON_BODY = /^application\/json *(;|$)/i;
/** What of a response belongs to what it answers; the rest is the request's own. */
const HEADERS = ['content-type', 'cache-control', 'x-cost-billed', 'x-cost-maybe-billed', 'x-cost-amount'];
/** Bytes that the smallest of them takes beside its key and its body. */
const LEAST = 1000;

/** An operation that has run. */
export interface Ran {
  readonly body: unknown;
  /** Undefined where it did not come to run. */
  readonly context: Context | undefined;
}

/** A response that answers others too. */
interface CachedResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly dependencies: Dependencies;
  readonly operation: OperationEnd;
}

/** The same operation, under way. */
interface Running {
  times: number;
  /** What the second of them brings, for those who came after it. Undefined where it is theirs to run. */
  second?: Promise<CachedResponse | undefined> | undefined;
}

export interface ResponseCacheSettings {
  /** Bytes that they may take. */
  readonly memory: number;
  /** Whether memory still holds what an operation was answered from. */
  readonly stillServes: (dependencies: Dependencies) => boolean;
  /** Told of each operation that is answered with one, as if it had run. @param answers that came out of memory */
  readonly over: (finished: OperationEnd, answers: number) => void;
}

/**
 * Responses that answer whoever asks the same: the same document, variables, media type and scopes. None has an error in
 * it, cost anything, or is of `usage`.
 *
 * One whose every answer lay in memory is good for as long as all of it lies there and serves. And of operations that come
 * while the same is under way, the second runs beside the first and shares what that one buys; its response answers all
 * who came meanwhile, for theirs would be the same.
 */
export class ResponseCache {
  readonly #bodies: LRUCache<string, CachedResponse>;
  readonly #running = new Map<string, Running>();

  constructor(private readonly settings: ResponseCacheSettings) {
    this.#bodies = new LRUCache({ maxSize: settings.memory });
  }

  /** Answers a request: with a finished body where there is one, and by running it where there is none. */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    run: () => Promise<Ran>,
  ): Promise<unknown> {
    const began = performance.now();
    const key = keyOf(request, caller);
    if (key === undefined) return (await run()).body;
    const finished = this.#kept(key) ?? (await this.#running.get(key)?.second);
    if (finished === undefined) return this.#run(key, run, reply);
    const { operation, dependencies, headers, body } = finished;
    const duration = performance.now() - began;
    const own = { requestId: request.id, client: caller.name, duration };
    this.settings.over({ ...operation, ...own }, dependencies.hits);
    reply.headers(headers);
    return body;
  }

  #kept(key: string): CachedResponse | undefined {
    const finished = this.#bodies.get(key);
    if (finished === undefined || this.settings.stillServes(finished.dependencies)) return finished;
    this.#bodies.delete(key);
    return undefined;
  }

  async #run(key: string, run: () => Promise<Ran>, reply: FastifyReply): Promise<unknown> {
    const running: Running = this.#running.get(key) ?? { times: 0 };
    this.#running.set(key, running);
    running.times += 1;
    const ran = run();
    const brought = ran.then(
      (what) => cachedResponseOf(what, reply),
      () => undefined,
    );
    const isSecond = running.times > 1 && running.second === undefined;
    if (isSecond) running.second = brought;
    try {
      const finished = await brought;
      if (finished?.dependencies.isMemoryOnly) this.#keep(key, finished);
      return (await ran).body;
    } finally {
      // Whoever comes now finds in memory what those before had to wait for.
      if (isSecond) running.second = undefined;
      running.times -= 1;
      if (running.times === 0) this.#running.delete(key);
    }
  }

  #keep(key: string, finished: CachedResponse): void {
    this.#bodies.set(key, finished, { size: LEAST + 2 * key.length + finished.body.length });
  }
}

/** Whatever a body depends on but what was bought. Undefined where the operation must run. */
function keyOf({ method, headers, body }: FastifyRequest, { scopes }: Caller): string | undefined {
  if (method !== 'POST' || headers[DRY_RUN] !== undefined) return undefined;
  if (!JSON_BODY.test(headers['content-type'] ?? '')) return undefined;
  return JSON.stringify([headers.accept ?? '', [...scopes].sort(), body]);
}

/** What an operation brought, if it may be given to others. */
function cachedResponseOf({ body, context }: Ran, reply: FastifyReply): CachedResponse | undefined {
  const operation = context?.ended;
  if (typeof body !== 'string' || operation?.outcome !== 'ok' || reply.statusCode !== 200) return undefined;
  if (context === undefined || context.dependencies.isMomentary || !operation.meter.isFree) return undefined;
  const headers = Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = reply.getHeader(name);
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  return { headers, body: Buffer.from(body), dependencies: context.dependencies, operation };
}
