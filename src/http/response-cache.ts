import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Dependencies } from '../cache/dependencies.js';
import type { Caller } from '../graphql/caller.js';
import type { OperationEnd } from '../graphql/context.js';
import {
  type CachedResponse,
  type ExecutedRequest,
  responseCacheKey,
  toCachedResponse,
} from './cached-response.js';

/** Estimated bytes of an entry beside its key and its body: headers, dependencies and operation. */
const ENTRY_OVERHEAD = 1000;

/** The requests in flight for one key. */
interface RequestGroup {
  running: number;
  /**
   * The response of the second request, for which later requests wait. Undefined if there is no second request yet, or
   * if its response cannot be shared.
   */
  second?: Promise<CachedResponse | undefined> | undefined;
}

export interface ResponseCacheSettings {
  /** Bytes that the cache may take. */
  readonly maxBytes: number;
  /** The headers of a response that cost nothing. Others belong to one request, and each request sets its own. */
  readonly freeHeaders: Readonly<Record<string, string>>;
  /** Whether memory still holds every answer that a response was made of. */
  readonly stillServes: (dependencies: Dependencies) => boolean;
  /**
   * Receives each operation that was answered from the cache, as if it had run.
   *
   * @param answers answers that the operation would have read from memory
   */
  readonly onHit: (operation: OperationEnd, answers: number) => void;
}

/**
 * Caches whole responses, so that an operation whose answers are all in memory need not run again. A response serves only
 * as long as the answers that it was made of are in memory and within their TTL.
 *
 * It also coalesces concurrent requests for one operation. The first request may buy answers, and its response shows that
 * cost. The second runs beside it, shares its upstream calls and costs nothing: later requests get the second's response.
 */
export class ResponseCache {
  readonly #responses: LRUCache<string, CachedResponse>;
  readonly #groups = new Map<string, RequestGroup>();

  constructor(private readonly settings: ResponseCacheSettings) {
    this.#responses = new LRUCache({ maxSize: settings.maxBytes });
  }

  /**
   * Answers a request from the cache, or runs it. Sets the headers of a cached response on `reply`.
   *
   * @returns the response body
   * @throws what `run` throws
   */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller,
    run: () => Promise<ExecutedRequest>,
  ): Promise<unknown> {
    const startedAt = performance.now();
    const key = responseCacheKey(request, caller);
    if (key === undefined) return (await run()).body;
    const cached = this.#get(key) ?? (await this.#groups.get(key)?.second);
    if (cached === undefined) return this.#run(key, run, reply);
    const { operation, dependencies, headers, body } = cached;
    const duration = performance.now() - startedAt;
    this.settings.onHit(
      { ...operation, requestId: request.id, client: caller.name, duration },
      dependencies.hits,
    );
    reply.headers(headers);
    return body;
  }

  #get(key: string): CachedResponse | undefined {
    const cached = this.#responses.get(key);
    if (cached === undefined || this.settings.stillServes(cached.dependencies)) return cached;
    this.#responses.delete(key);
    return undefined;
  }

  async #run(key: string, run: () => Promise<ExecutedRequest>, reply: FastifyReply): Promise<unknown> {
    const group: RequestGroup = this.#groups.get(key) ?? { running: 0 };
    this.#groups.set(key, group);
    group.running += 1;
    const executed = run();
    const cacheable = executed.then(
      (request) => toCachedResponse(request, reply, this.settings.freeHeaders),
      () => undefined,
    );
    const isSecond = group.running > 1 && group.second === undefined;
    if (isSecond) group.second = cacheable;
    try {
      const response = await cacheable;
      if (response?.dependencies.isMemoryOnly) {
        // A string takes two bytes a character.
        const size = ENTRY_OVERHEAD + 2 * key.length + response.body.length;
        this.#responses.set(key, response, { size });
      }
      return (await executed).body;
    } finally {
      // From here on, requests find the answers in memory.
      if (isSecond) group.second = undefined;
      group.running -= 1;
      if (group.running === 0) this.#groups.delete(key);
    }
  }
}
