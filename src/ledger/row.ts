import * as z from 'zod';

/** Sorts after the keys of all rows. */
export const KEYS_END = ':';

/** Sorts right after a key, and before all others: `!` is below the characters of which keys are made. */
export const keyAfter = (key: string) => `${key}!`;

/** How a row is read. */
export const ledgerRow = z.object({
  /** When the attempt began, in milliseconds since 1970. */
  at: z.number(),
  client: z.string(),
  operation: z.string().nullable(),
  method: z.string(),
  /** What was asked for: a search key and a page, or the id of a case. */
  subject: z.string(),
  /** QCC's status; null where none came. */
  status: z.string().nullable(),
  /** The number that QCC bills by; null where none came. */
  orderNumber: z.string().nullable(),
  /** `maybe`: no answer came, so only QCC's invoice can tell. */
  billed: z.enum(['yes', 'no', 'maybe']),
  /** Yuan; null where the price is not known. */
  price: z.string().nullable(),
  /** Milliseconds from sending to the answer, or to giving up. */
  latency: z.number(),
});

/** One upstream attempt. */
export type LedgerRow = Readonly<z.infer<typeof ledgerRow>>;

const LABELS = { true: 'yes', false: 'no', null: 'maybe' } as const;

/** How rows, metrics and log lines say whether an attempt was billed. */
export function billedLabel(billed: boolean | null): LedgerRow['billed'] {
  return LABELS[`${billed}`];
}

export function encodeRow(row: LedgerRow): Buffer {
  return Buffer.from(JSON.stringify(row));
}

/** Undefined where the bytes are no row. */
export function decodeRow(bytes: Uint8Array): LedgerRow | undefined {
  try {
    return ledgerRow.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}
