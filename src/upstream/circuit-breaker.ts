import { isTransmissionCode, QccError, refusal } from '../qcc/error.js';
import type { MethodName } from '../qcc/methods.js';
import { statusRule } from '../qcc/statuses.js';
import type { Handler, Middleware } from './handler.js';
import { Circuit, type Outcome } from './policy/circuit.js';

const AFTER_REFUSAL = 60_000;
const AFTER_FAILURES = 30_000;
const FAILURES_IN_A_ROW = 5;

const good: Outcome = { kind: 'good' };
const silent: Outcome = { kind: 'silent' };

/** Whether QCC can be asked, as `/readyz` says it. */
export type UpstreamState = 'ok' | 'open' | 'refused';

/** The circuits of one upstream: for the account, for each method, and for the way there. */
export class Circuits {
  readonly #account: Circuit;
  readonly #methods: Readonly<Record<MethodName, Circuit>>;
  readonly #way: Circuit;
  #failuresInARow = 0;

  /** @param now milliseconds, any origin */
  constructor(now: () => number = Date.now) {
    this.#account = new Circuit(now);
    this.#methods = { GetList: new Circuit(now), GetDetail: new Circuit(now) };
    this.#way = new Circuit(now);
  }

  /** `refused` where QCC refused the account's credentials, `open` where another circuit is open. */
  get state(): UpstreamState {
    if (this.#account.openedBy?.code === 'UPSTREAM_FORBIDDEN') return 'refused';
    const all = [this.#account, this.#way, ...Object.values(this.#methods)];
    return all.some((circuit) => circuit.openedBy !== undefined) ? 'open' : 'ok';
  }

  /** Lets a call to `method` pass and takes what came of it. @throws QccError that opened a circuit in its way */
  enter(method: MethodName): (error: unknown) => void {
    const circuits = [this.#account, this.#methods[method], this.#way];
    for (const circuit of circuits) {
      if (circuit.refuses && circuit.openedBy) {
        throw refusedUnasked(circuit.openedBy, method, circuit.secondsToProbe);
      }
    }
    const [account, ofMethod, way] = [
      this.#account.enter(),
      this.#methods[method].enter(),
      this.#way.enter(),
    ];
    return (error) => {
      account(stopped(error, 'account'));
      ofMethod(stopped(error, 'method'));
      way(this.#wayFailed(error));
    };
  }

  #wayFailed(error: unknown): Outcome {
    if (error !== undefined && !(error instanceof QccError)) return silent;
    if (error === undefined || !isTransmissionCode(error.code)) {
      this.#failuresInARow = 0;
      return good;
    }
    this.#failuresInARow += 1;
    return this.#failuresInARow >= FAILURES_IN_A_ROW ? { kind: 'bad', error, span: AFTER_FAILURES } : silent;
  }
}

/** What an outcome says of the account or of the method: a failed transmission says nothing of either. */
function stopped(error: unknown, what: 'account' | 'method'): Outcome {
  if (error === undefined) return good;
  if (!(error instanceof QccError)) return silent;
  const status = error.upstream?.status ?? null;
  if (status === null) return silent;
  const rule = statusRule(status);
  if (rule.stops !== what) return good;
  return { kind: 'bad', error, span: rule.stopsFor === undefined ? AFTER_REFUSAL : rule.stopsFor * 1000 };
}

/** The error that opened a circuit, for a call that was not made because of it. */
function refusedUnasked(openedBy: QccError, method: MethodName, secondsToProbe: number): QccError {
  const status = openedBy.upstream?.status ?? null;
  const message = openedBy.upstream?.message ?? null;
  const again = status === null ? openedBy : refusal({ method, status, message, orderNumber: null });
  const retryAfter = isTransmissionCode(openedBy.code) ? secondsToProbe : again.retryAfter;
  return new QccError(openedBy.code, `not asked, to save a call that would fail: ${openedBy.message}`, {
    upstream: { method, status, message, orderNumber: null, billed: false },
    retryable: again.retryable,
    asked: false,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** Asks only what is not known to fail. It stands inside the slot, so that what waited is judged by what came since. */
export function guarded(circuits: Circuits): Middleware {
  return (next): Handler =>
    async (call, by) => {
      const settle = circuits.enter(call.method);
      try {
        const answer = await next(call, by);
        settle(undefined);
        return answer;
      } catch (error) {
        settle(error);
        throw error;
      }
    };
}
