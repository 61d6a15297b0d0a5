import { setTimeout as sleep } from 'node:timers/promises';
import Big from 'big.js';
import * as z from 'zod';
import { ScreenError } from '../errors.js';
import { SCREEN_DOCUMENT, type Window } from './documents.js';

/** Codes of refusals that cost nothing and end by themselves. */
const TEMPORARY_CODES = new Set(['RATE_LIMITED', 'OVERLOADED', 'SHUTTING_DOWN']);
/** How often an operation is sent that the gateway refuses for a while. */
const MAX_TRIES = 60;
/** Seconds until the next try where the gateway names none. */
const DEFAULT_RETRY_AFTER = 1;

const estimate = z.object({
  min: z.int(),
  max: z.int(),
  minAmount: z.string().optional(),
  maxAmount: z.string().optional(),
});
const graphError = z.object({
  message: z.string(),
  path: z.array(z.union([z.string(), z.int()])).optional(),
  extensions: z.looseObject({
    code: z.string(),
    retryAfter: z.number().optional(),
    limit: z.number().optional(),
    estimate: estimate.optional(),
  }),
});
const responseBody = z.object({
  // A request that is not run has none.
  data: z.unknown().default(null),
  errors: z.array(graphError).default([]),
  extensions: z
    .object({ cost: z.looseObject({ estimate: estimate.optional(), sandbox: z.boolean().optional() }) })
    .optional(),
});

export type GraphError = z.infer<typeof graphError>;
export type Estimate = z.infer<typeof estimate>;

/** A response of the gateway. */
export interface GraphReply {
  readonly data: unknown;
  readonly errors: readonly GraphError[];
  /** Calls that were billed or may have been. */
  readonly bought: number;
  /** Yuan; undefined where the gateway has no prices. */
  readonly amount: Big | undefined;
  readonly estimate: Estimate | undefined;
  /** Whether the data is invented. */
  readonly sandbox: boolean;
}

/** Sends the operations of a screen to a gateway. */
export class GraphClient {
  /**
   * @param key an API key or a token; undefined: the gateway serves anyone
   * @param signal ends the wait for a gateway that refuses operations for a while
   */
  constructor(
    private readonly url: string,
    private readonly key: string | undefined,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Sends one operation. Sends it again, after a while, where the gateway refuses it for a while and at no cost.
   *
   * @throws ScreenError if the gateway cannot be reached or does not take the caller
   */
  async send(
    searchKeys: readonly string[],
    window: Window,
    headers: () => Readonly<Record<string, string>>,
  ): Promise<GraphReply> {
    const operation = { query: SCREEN_DOCUMENT, variables: { searchKeys, ...window } };
    for (let tries = 1; ; tries++) {
      const reply = await this.post(operation, headers());
      const refusal = reply.errors.find(({ extensions: { code } }) => TEMPORARY_CODES.has(code));
      if (reply.bought > 0 || refusal === undefined || tries === MAX_TRIES || this.signal.aborted)
        return reply;
      const wait = (refusal.extensions.retryAfter ?? DEFAULT_RETRY_AFTER) * 1000;
      await sleep(wait, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  /** The metrics of the gateway as text; empty where it shows none to this caller. */
  async metrics(): Promise<string> {
    const response = await fetch(new URL('/metrics', this.url), { headers: this.#authorization }).catch(
      () => undefined,
    );
    const text = (await response?.text()) ?? '';
    return response?.ok ? text : '';
  }

  get #authorization(): Record<string, string> {
    return this.key === undefined ? {} : { authorization: `Bearer ${this.key}` };
  }

  /**
   * Sends one operation once.
   *
   * @throws ScreenError if the gateway cannot be reached, or the server is not a gateway
   */
  async post(operation: object, headers: Readonly<Record<string, string>> = {}): Promise<GraphReply> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#authorization, ...headers },
      body: JSON.stringify(operation),
    }).catch((error: unknown) => {
      throw new ScreenError(`The gateway at ${this.url} cannot be reached: ${causeOf(error)}`);
    });
    const text = await response.text().catch((error: unknown) => {
      throw new ScreenError(`The gateway at ${this.url} closed the connection: ${causeOf(error)}`);
    });
    const parsed = responseBody.safeParse(jsonIn(text));
    if (!parsed.success) {
      throw new ScreenError(
        `${this.url} must be the GraphQL endpoint of a gateway; it answered HTTP ${response.status} with something else.`,
      );
    }
    const { data, errors, extensions } = parsed.data;
    const amount = response.headers.get('x-cost-amount');
    return {
      data,
      errors,
      bought: countIn(response, 'x-cost-billed') + countIn(response, 'x-cost-maybe-billed'),
      amount: amount === null ? undefined : new Big(amount),
      estimate: extensions?.cost.estimate ?? errors[0]?.extensions.estimate,
      sandbox: extensions?.cost.sandbox === true,
    };
  }
}

const countIn = ({ headers }: Response, name: string) => Number(headers.get(name) ?? 0);

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `fetch` hides the reason in the cause of its error. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
}
