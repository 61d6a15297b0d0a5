import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../graphql/caller.js';
import type { Context, FinishedOperation } from '../graphql/context.js';
import { DRY_RUN } from '../graphql/spending-plugin.js';
import type { Consulted } from '../spend/consulted.js';

const JSON_BODY = /^application\/json *(;|$)/i;
/** What of a response belongs to what it answers; the rest is the request's own. */
const HEADERS = ['content-type', 'cache-control', 'x-cost-billed', 'x-cost-maybe-billed', 'x-cost-amount'];
/** Bytes that the smallest of them takes beside its key and its body. */
const LEAST = 1000;

/** A response to an operation that memory alone had answered. */
interface FinishedBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly consulted: Consulted;
  readonly operation: FinishedOperation;
}

export interface FinishedBodiesSettings {
  /** Bytes that they may take. */
  readonly memory: number;
  /** Whether memory still holds what an operation was answered from. */
  readonly stillServes: (consulted: Consulted) => boolean;
  /** Told of each operation that is answered with one, as if it had run. @param answers that came out of memory */
  readonly over: (finished: FinishedOperation, answers: number) => void;
}

/**
 * Responses to operations whose every answer lay in memory, each good for as long as all of it lies there and serves. One
 * is for the same document, variables, media type and scopes alone; none has an error in it, and none is of `usage`.
 */
export class FinishedBodies {
  readonly #bodies: LRUCache<string, FinishedBody>;

  constructor(private readonly settings: FinishedBodiesSettings) {
    this.#bodies = new LRUCache({ maxSize: settings.memory });
  }

  /** Answers, if there is a body for it. Undefined where the operation must run. */
  replay(request: FastifyRequest, caller: Caller, reply: FastifyReply): Buffer | undefined {
    const began = performance.now();
    const key = keyOf(request, caller);
    const finished = key === undefined ? undefined : this.#bodies.get(key);
    if (key === undefined || finished === undefined) return undefined;
    const { operation, consulted, headers, body } = finished;
    if (!this.settings.stillServes(consulted)) {
      this.#bodies.delete(key);
      return undefined;
    }
    const duration = performance.now() - began;
    const own = { requestId: request.id, client: caller.name, duration };
    this.settings.over({ ...operation, ...own }, consulted.answers);
    reply.headers(headers);
    return body;
  }

  /** Keeps a response, if it may be given again. */
  keep(
    request: FastifyRequest,
    { caller, consulted, finished }: Context,
    reply: FastifyReply,
    text: string,
  ): void {
    if (finished?.outcome !== 'ok' || !consulted.memoryAlone || reply.statusCode !== 200) return;
    const key = keyOf(request, caller);
    if (key === undefined) return;
    const body = Buffer.from(text);
    const headers = Object.fromEntries(
      HEADERS.flatMap((name) => {
        const value = reply.getHeader(name);
        return value === undefined ? [] : [[name, String(value)]];
      }),
    );
    const size = LEAST + 2 * key.length + body.length;
    this.#bodies.set(key, { headers, body, consulted, operation: finished }, { size });
  }
}

/** Whatever a body depends on but what was bought. Undefined where the operation must run. */
function keyOf({ method, headers, body }: FastifyRequest, { scopes }: Caller): string | undefined {
  if (method !== 'POST' || headers[DRY_RUN] !== undefined) return undefined;
  if (!JSON_BODY.test(headers['content-type'] ?? '')) return undefined;
  return JSON.stringify([headers.accept ?? '', [...scopes].sort(), body]);
}
