import { isTransmissionCode, QccError, refusal } from '../../qcc/error.js';
import { statusRule } from '../../qcc/statuses.js';
import { Circuit, type Outcome } from './circuit.js';

/** How long a circuit stays open at first, in milliseconds: after a refusal, and after failed transmissions. */
const OPEN_AFTER_REFUSAL = 60_000;
const OPEN_AFTER_FAILURES = 30_000;
const MAX_FAILURES_IN_A_ROW = 5;

const success: Outcome = { kind: 'success' };
const neutral: Outcome = { kind: 'neutral' };

/** Whether QCC can be called, as `/readyz` shows it. */
export type UpstreamState = 'ok' | 'open' | 'refused';

/** The circuits of one upstream: the account's, each method's, and the connection's. */
export class Circuits {
  readonly #account: Circuit;
  readonly #methods = new Map<string, Circuit>();
  readonly #connection: Circuit;
  #failuresInARow = 0;

  /** @param now milliseconds, any origin */
  constructor(private readonly now: () => number = Date.now) {
    this.#account = new Circuit(now);
    this.#connection = new Circuit(now);
  }

  /** `refused` where QCC refused the account's credentials, `open` where another circuit is open. */
  get state(): UpstreamState {
    if (this.#account.openedBy?.code === 'UPSTREAM_FORBIDDEN') return 'refused';
    const all = [this.#account, this.#connection, ...this.#methods.values()];
    return all.some((circuit) => circuit.openedBy !== undefined) ? 'open' : 'ok';
  }

  /** Lets a call pass; returns a function for its outcome. @throws QccError that opened a circuit in its way */
  enter(method: string): (error: unknown) => void {
    const circuits = [this.#account, this.#circuitOf(method), this.#connection];
    for (const circuit of circuits) {
      if (circuit.refuses && circuit.openedBy) {
        throw notCalled(circuit.openedBy, method, circuit.secondsToProbe);
      }
    }
    const [settleAccount, settleMethod, settleConnection] = circuits.map((circuit) => circuit.enter());
    return (error) => {
      settleAccount?.(outcomeFor('account', error));
      settleMethod?.(outcomeFor('method', error));
      settleConnection?.(this.#connectionOutcome(error));
    };
  }

  #circuitOf(method: string): Circuit {
    const known = this.#methods.get(method) ?? new Circuit(this.now);
    this.#methods.set(method, known);
    return known;
  }

  #connectionOutcome(error: unknown): Outcome {
    if (error !== undefined && !(error instanceof QccError)) return neutral;
    if (error === undefined || !isTransmissionCode(error.code) || error.upstream?.status) {
      this.#failuresInARow = 0;
      return success;
    }
    this.#failuresInARow += 1;
    if (this.#failuresInARow < MAX_FAILURES_IN_A_ROW) return neutral;
    return { kind: 'failure', error, duration: OPEN_AFTER_FAILURES };
  }
}

/** What an outcome says about the account or the method. A failed transmission says nothing about either. */
function outcomeFor(target: 'account' | 'method', error: unknown): Outcome {
  if (error === undefined) return success;
  const status = error instanceof QccError ? error.upstream?.status : null;
  if (!(error instanceof QccError) || !status) return neutral;
  const { stops, stopsFor } = statusRule(status);
  if (stops !== target) return success;
  const duration = stopsFor === undefined ? OPEN_AFTER_REFUSAL : stopsFor * 1000;
  return { kind: 'failure', error, duration };
}

/** The error for a call that an open circuit stopped: the code that opened it, at no cost. */
function notCalled(openedBy: QccError, method: string, secondsToProbe: number): QccError {
  const status = openedBy.upstream?.status ?? null;
  const message = openedBy.upstream?.message ?? null;
  const error = status === null ? openedBy : refusal({ method, status, message, orderNumber: null });
  const retryAfter = isTransmissionCode(openedBy.code) ? secondsToProbe : error.retryAfter;
  return new QccError(openedBy.code, `not called, because a circuit is open: ${openedBy.message}`, {
    upstream: { method, status, message, orderNumber: null, billed: false },
    retryable: error.retryable,
    called: false,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
