import { z } from 'zod';
import type { MethodName } from '../qcc/methods.js';
import type { ReportFault, Store } from '../store/store.js';
import { uniqueId } from '../store/unique-id.js';

/** One upstream attempt. */
const ledgerRow = z.object({
  /** When it began, in milliseconds since 1970. */
  at: z.number(),
  client: z.string(),
  operation: z.string().nullable(),
  method: z.enum(['GetList', 'GetDetail'] satisfies MethodName[]),
  /** What was asked for: a search key and a page, or the id of a case. */
  subject: z.string(),
  /** QCC's; null where none came. */
  status: z.string().nullable(),
  /** The number that QCC bills by; null where none came. */
  orderNumber: z.string().nullable(),
  billed: z.enum(['yes', 'no', 'maybe']),
  /** Yuan: what it cost. Null where that is not known. */
  price: z.string().nullable(),
  /** Milliseconds from the sending to the answer, or to giving up. */
  latency: z.number(),
});

export type LedgerRow = Readonly<z.infer<typeof ledgerRow>>;

/** Above all keys of rows. */
const END = ':';

/** Every upstream attempt, one row each, written before its answer is given out. */
export class Ledger {
  constructor(
    private readonly store: Pick<Store, 'append' | 'rows' | 'prune'>,
    private readonly report: ReportFault,
  ) {}

  /** A name for a row that sorts by time. */
  static keyAt(time: number): string {
    return `${timeKey(time)}-${uniqueId()}`;
  }

  /** Writes a row, or a settled one in the place of the first. A row that cannot be kept goes to the log. */
  async write(key: string, row: LedgerRow): Promise<void> {
    try {
      await this.store.append({ key, bytes: Buffer.from(JSON.stringify(row)) });
    } catch (error) {
      this.report(`the ledger could not take a row, which is ${JSON.stringify(row)}`, error);
    }
  }

  /** The rows of attempts that began at `from` or later and before `to`, in order; milliseconds since 1970. */
  async *rows(from: number, to: number): AsyncIterable<LedgerRow> {
    for await (const { key, bytes } of this.store.rows(timeKey(from), timeKey(to))) {
      const row = readRow(bytes);
      if (row) yield row;
      else this.report(`row ${key} of the ledger cannot be read`, undefined);
    }
  }

  /** Forgets the attempts before a time. */
  async prune(before: number): Promise<void> {
    await this.store.prune(timeKey(before));
  }
}

function readRow(bytes: Uint8Array): LedgerRow | undefined {
  try {
    return ledgerRow.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}

/** Milliseconds as text that sorts as they do. */
export function timeKey(time: number): string {
  if (time === Number.POSITIVE_INFINITY) return END;
  return String(Math.max(0, Math.floor(time))).padStart(15, '0');
}
