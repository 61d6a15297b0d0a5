import type Big from 'big.js';
import type { GraphReply } from './ask/graph-client.js';

/** What a screen has bought. */
export class Bill {
  #calls = 0;
  #amount: Big | undefined;

  /** Calls that were billed or may have been. */
  get calls(): number {
    return this.#calls;
  }

  add({ bought, amount }: GraphReply): void {
    this.#calls += bought;
    if (amount !== undefined) this.#amount = amount.plus(this.#amount ?? 0);
  }

  /** Such as `1,650 calls, ¥495.00`. */
  toString(): string {
    return describeCalls(this.#calls, this.#amount);
  }
}

/** @param amount yuan; undefined: no prices are known */
export function describeCalls(calls: number, amount: Big | undefined): string {
  const counted = `${count(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  if (amount === undefined) return counted;
  const [yuan = '', fen = ''] = amount.toFixed().split('.');
  return `${counted}, ¥${yuan.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${fen.padEnd(2, '0')}`;
}

/** A number with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString('en-GB');
}
