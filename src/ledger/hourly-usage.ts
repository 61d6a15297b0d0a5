import * as z from 'zod';
import type { Label } from '../store/journal.js';
import type { LedgerRow } from './row.js';

export const HOUR = 3_600_000;
/** QCC's statuses have three digits. A longer one is cut, because LMDB's keys are bounded. */
const MAX_STATUS_LENGTH = 20;
/** Digits of an hour's number: with leading zeros, groups sort by time. */
const HOUR_DIGITS = 9;

/** Why a call was avoided. */
export const AVOID_REASONS = ['cached', 'shared', 'elided'] as const;
export type AvoidReason = (typeof AVOID_REASONS)[number];

/** Whether an attempt was billed, or why a call was avoided. */
export const usageKindName = z.enum(['yes', 'no', 'maybe', ...AVOID_REASONS]);

const field = z.tuple([
  z.string(),
  z.string().nullable(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
  usageKindName,
]);

/** What one counter of an hour counts: attempts that ended alike, or calls avoided for one reason. */
export interface UsageKind {
  readonly client: string;
  readonly operation: string | null;
  readonly method: string;
  /** QCC's status; null where none came, and for a call that was avoided. */
  readonly status: string | null;
  /** Yuan for one call; null where it is not known. */
  readonly price: string | null;
  /** Whether an attempt was billed, or why a call was avoided. */
  readonly kind: LedgerRow['billed'] | AvoidReason;
}

/** The number of the hour of a time: whole hours since 1970. @param time milliseconds since 1970 */
export function hourOf(time: number): number {
  return Math.floor(time / HOUR);
}

/** The group of counters of an hour. */
export function usageGroup(hour: number): string {
  return `usage ${String(hour).padStart(HOUR_DIGITS, '0')}`;
}

/** The number of the hour whose counters a group has; undefined where it is no such group. */
export function hourOfGroup(group: string): number | undefined {
  const [, hour] = /^usage (\d+)$/.exec(group) ?? [];
  return hour === undefined ? undefined : Number(hour);
}

/** When the counters of an hour expire, in milliseconds since 1970. @param retention milliseconds */
export function usageExpiry(hour: number, retention: number): number {
  return (hour + 1) * HOUR + retention;
}

export function encodeUsageKind({ client, operation, method, status, price, kind }: UsageKind): string {
  return JSON.stringify([
    client,
    operation,
    method,
    status?.slice(0, MAX_STATUS_LENGTH) ?? null,
    price,
    kind,
  ]);
}

/** Undefined where the text is no usage kind. */
export function decodeUsageKind(text: string): UsageKind | undefined {
  try {
    const [client, operation, method, status, price, kind] = field.parse(JSON.parse(text));
    return { client, operation, method, status, price, kind };
  } catch {
    return undefined;
  }
}

/** The counter that counts an attempt, in the hour in which it began. @param retention milliseconds */
export function labelOf({ at, billed, ...row }: LedgerRow, retention: number): Label {
  const hour = hourOf(at);
  const until = usageExpiry(hour, retention);
  return { group: usageGroup(hour), field: encodeUsageKind({ ...row, kind: billed }), until };
}
