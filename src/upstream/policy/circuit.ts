import type { QccError } from '../../qcc/error.js';

/** The longest that a circuit stays open without a probe, in milliseconds. */
const MAX_OPEN = 15 * 60_000;

/** The outcome of a call: `failure` opens the circuit for `duration` milliseconds, `neutral` changes nothing. */
export type Outcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly error: QccError; readonly duration: number }
  | { readonly kind: 'neutral' };

/**
 * Stops calls that are known to fail. While it is open, each call is refused with the error that opened it. After that it
 * lets one probe through; the outcome closes the circuit, or opens it for twice as long.
 */
export class Circuit {
  #openedBy: QccError | undefined;
  #duration = 0;
  #probeAt = 0;
  #isProbing = false;

  /** @param now milliseconds, any origin */
  constructor(private readonly now: () => number) {}

  /** The error that opened it; undefined while it is closed. */
  get openedBy(): QccError | undefined {
    return this.#openedBy;
  }

  /** Whether a call would be refused now. */
  get refuses(): boolean {
    return this.#openedBy !== undefined && (this.#isProbing || this.now() < this.#probeAt);
  }

  /** Whole seconds until a probe, at least 1. */
  get secondsToProbe(): number {
    return Math.max(1, Math.ceil((this.#probeAt - this.now()) / 1000));
  }

  /** Lets a call pass, as the probe if the circuit is open; returns a function for its outcome. */
  enter(): (outcome: Outcome) => void {
    const isProbe = this.#openedBy !== undefined;
    if (isProbe) this.#isProbing = true;
    return (outcome) => {
      if (isProbe) this.#isProbing = false;
      if (outcome.kind === 'failure') this.#open(outcome.error, outcome.duration, isProbe);
      if (outcome.kind === 'success' && isProbe) this.#openedBy = undefined;
    };
  }

  /** A call that left before the circuit opened, and fails after, does not prolong it. */
  #open(error: QccError, duration: number, isProbe: boolean): void {
    if (this.#openedBy !== undefined && !isProbe) return;
    this.#duration = Math.min(MAX_OPEN, Math.max(duration, isProbe ? this.#duration * 2 : 0));
    this.#openedBy = error;
    this.#probeAt = this.now() + this.#duration;
  }
}
