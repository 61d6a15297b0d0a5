import type { QccError } from '../../qcc/error.js';

/** Longest that a circuit stays open without a probe, in milliseconds. */
const LONGEST = 15 * 60_000;

/** What came of a call that a circuit let pass: it worked, it failed in a way that opens, or it tells nothing. */
export type Outcome =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad'; readonly error: QccError; readonly span: number }
  | { readonly kind: 'silent' };

/** Tells the circuit what came of the call. */
export type Settle = (outcome: Outcome) => void;

/**
 * Stops calls that are known to fail. While open, each is refused with the error that opened it; after its time one
 * probe is let through, whose outcome closes the circuit or opens it for twice as long.
 */
export class Circuit {
  #openedBy: QccError | undefined;
  #span = 0;
  #probeAt = 0;
  #probing = false;

  /** @param now milliseconds, any origin */
  constructor(private readonly now: () => number) {}

  /** The error that opened it; undefined while closed. */
  get openedBy(): QccError | undefined {
    return this.#openedBy;
  }

  /** Whether a call would be refused now. */
  get refuses(): boolean {
    return this.#openedBy !== undefined && (this.#probing || this.now() < this.#probeAt);
  }

  /** Whole seconds until a probe, 1 at least. */
  get secondsToProbe(): number {
    return Math.max(1, Math.ceil((this.#probeAt - this.now()) / 1000));
  }

  /** Lets a call pass that it does not refuse, as the probe where it is open. */
  enter(): Settle {
    const probe = this.#openedBy !== undefined;
    if (probe) this.#probing = true;
    return (outcome) => {
      if (probe) this.#probing = false;
      if (outcome.kind === 'bad') this.#open(outcome.error, outcome.span, probe);
      if (outcome.kind === 'good' && probe) this.#openedBy = undefined;
    };
  }

  /** Calls that had left before it opened, and fail after, prolong nothing. */
  #open(error: QccError, span: number, probe: boolean): void {
    if (this.#openedBy !== undefined && !probe) return;
    this.#span = Math.min(LONGEST, Math.max(span, probe ? this.#span * 2 : 0));
    this.#openedBy = error;
    this.#probeAt = this.now() + this.#span;
  }
}
