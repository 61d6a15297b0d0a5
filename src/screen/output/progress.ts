import { type Bill, count } from '../bill.js';

/** Milliseconds between two updates on a terminal, and between two lines elsewhere. */
const TERMINAL_INTERVAL = 500;
const LINE_INTERVAL = 10_000;
/** Moves to the start of the line, and clears it. */
const CLEAR_LINE = '\r\u001b[K';

/** Where progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows how far a phase is: on a terminal in one line that changes, elsewhere in a line every 10 s. */
export class Progress {
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #done = 0;

  /** @param total how many of the unit, such as companies, the phase has */
  constructor(
    private readonly name: string,
    private readonly total: number,
    private readonly unit: string,
    private readonly bill: Bill,
    private readonly output: ProgressOutput,
  ) {
    this.#timer = setInterval(
      () => output.write(output.isTTY ? `${CLEAR_LINE}${this.line()}` : `${this.line()}\n`),
      output.isTTY ? TERMINAL_INTERVAL : LINE_INTERVAL,
    ).unref();
  }

  add(done: number): void {
    this.#done += done;
  }

  /** Such as `Page 1: 300 of 2,000 companies · 20.5/s · 1 min 23 s left · billed: 280 calls, ¥84.00`. */
  line(): string {
    const rate = this.#done / Math.max(0.001, (performance.now() - this.#startedAt) / 1000);
    const left =
      this.#done === 0
        ? ''
        : ` · ${rate.toFixed(1)}/s · ${describeSeconds((this.total - this.#done) / rate)} left`;
    return `${this.name}: ${count(this.#done)} of ${count(this.total)} ${this.unit}${left} · billed: ${this.bill}`;
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.output.isTTY) this.output.write(CLEAR_LINE);
  }
}

/** Such as `45 s`, `12 min 5 s` or `3 h 20 min`. */
export function describeSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
