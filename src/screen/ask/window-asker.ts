import { ScreenError } from '../errors.js';
import type { Stop } from '../stop.js';
import type { Window } from './documents.js';
import type { GraphClient, GraphError, GraphReply } from './graph-client.js';
import type { Phase } from './phase.js';
import { answersIn, stopReasonOf, textOf, type WindowAnswer } from './window-answer.js';

const PAGE_SIZE = 20;
/** Codes of operations that are refused as a whole, and that may fit company by company. */
const TOO_LARGE = new Set(['BUDGET_EXCEEDED', 'COST_LIMIT_EXCEEDED', 'RESULT_TOO_LARGE']);

/** A response, and whether the limit of the screen left its operation less than it may need. */
interface LimitedReply {
  readonly reply: GraphReply;
  readonly isLimited: boolean;
}

/** Asks for one window of the cases of a few companies: one operation. */
export class WindowAsker {
  /** @param oldest the instant before which answers are too old, in milliseconds since 1970; undefined: any age will do */
  constructor(
    private readonly client: GraphClient,
    private readonly stop: Stop,
    private readonly oldest: number | undefined,
  ) {}

  /**
   * @returns an answer for each search key, in their order
   * @throws ScreenError if the gateway takes no operations
   */
  async ask(searchKeys: readonly string[], window: Window, phase: Phase): Promise<WindowAnswer[]> {
    const limited = await this.#send(searchKeys, window, phase);
    if (limited === undefined) return this.#stopped(searchKeys);
    const { reply, isLimited } = limited;
    const [error] = reply.errors;
    if (reply.data === null && error) {
      if (searchKeys.length > 1 && TOO_LARGE.has(error.extensions.code))
        return this.#askEach(searchKeys, window, phase);
      return this.#refused(searchKeys, error, isLimited);
    }
    const answers = answersIn(reply, searchKeys.length);
    for (const answer of answers) if (answer.kind === 'stopped') this.stop.request(answer.reason);
    return answers;
  }

  /** Undefined if the screen was stopped before. */
  async #send(
    searchKeys: readonly string[],
    window: Window,
    { limit, bill }: Phase,
  ): Promise<LimitedReply | undefined> {
    const most = searchKeys.length * (window.first / PAGE_SIZE + (window.details ? window.first : 0));
    const taken = await limit.take(most);
    let unused = taken;
    try {
      if (this.stop.reason !== undefined) return undefined;
      const reply = await this.client.send(searchKeys, window, () => ({
        'x-cost-limit': String(taken),
        ...ageHeader(this.oldest),
      }));
      // An answer that QCC bills and that is retried is bought twice, and was taken once.
      unused = Math.max(0, taken - reply.bought);
      bill.add(reply);
      return { reply, isLimited: taken < most };
    } finally {
      limit.release(unused);
    }
  }

  async #askEach(searchKeys: readonly string[], window: Window, phase: Phase): Promise<WindowAnswer[]> {
    const answers: WindowAnswer[] = [];
    for (const searchKey of searchKeys) answers.push(...(await this.ask([searchKey], window, phase)));
    return answers;
  }

  /** The operation was refused as a whole. */
  #refused(searchKeys: readonly string[], error: GraphError, isLimited: boolean): WindowAnswer[] {
    const reason = stopReasonOf(error);
    // An operation that had all it may need exceeds a limit of the gateway, which other companies may not.
    if (reason && (reason.kind !== 'limit' || isLimited)) this.stop.request(reason);
    if (this.stop.reason !== undefined) return this.#stopped(searchKeys);
    const { code } = error.extensions;
    if (!TOO_LARGE.has(code)) throw new ScreenError(`The gateway refused an operation. ${textOf(error)}`);
    return searchKeys.map(() => ({ kind: 'refused', outcome: 'failed', error: textOf(error) }));
  }

  #stopped(searchKeys: readonly string[]): WindowAnswer[] {
    const reason = this.stop.reason ?? { kind: 'interrupted' };
    return searchKeys.map(() => ({ kind: 'stopped', reason }));
  }
}

/** Makes the gateway buy again what was retrieved before an instant. */
export function ageHeader(oldest: number | undefined): Record<string, string> {
  if (oldest === undefined) return {};
  return { 'x-cost-max-age': String(Math.max(0, Math.ceil((Date.now() - oldest) / 1000))) };
}
