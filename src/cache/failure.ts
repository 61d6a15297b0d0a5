import { isTransmissionCode, QccError, refusal } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import type { StoredFailure } from './entry.js';

/** How long an answer with data that cannot serve is repeated, in milliseconds: it was billed. */
const UNUSABLE_DATA_TTL = 3_600_000;

/** How long identical calls get this failure, in milliseconds; 0 where it is not repeated. */
function rememberedFor({ called, upstream }: QccError): number {
  const status = upstream?.status ?? null;
  if (!called || status === null) return 0;
  const rule = statusRule(status);
  return rule.code === null ? UNUSABLE_DATA_TTL : (rule.rememberedFor ?? 0) * 1000;
}

/** A failure as it is stored; undefined if no call was made, because then nothing needs it. */
export function toStoredFailure(
  error: QccError,
  flight: string,
  failedAt: number,
): StoredFailure | undefined {
  const { code, message, upstream, called } = error;
  if (!called || upstream === undefined) return undefined;
  const duration = rememberedFor(error);
  return {
    kind: 'failure',
    code: isTransmissionCode(code) ? code : null,
    message,
    upstream,
    until: duration === 0 ? 0 : failedAt + duration,
    flight,
    failedAt,
  };
}

/** The error that was stored, with `retryAfter` as of `now`, in milliseconds since 1970. */
export function fromStoredFailure({ code, message, upstream, until }: StoredFailure, now: number): QccError {
  const retryAfter = Math.max(1, Math.ceil((until - now) / 1000));
  if (code !== null) {
    return new QccError(code, message, { upstream, retryable: true, ...(until === 0 ? {} : { retryAfter }) });
  }
  const error = refusal({ ...upstream, status: upstream.status ?? '' }, now);
  if (until === 0 || error.retryAfter === undefined) return error;
  return new QccError(error.code, error.message, { upstream, retryable: error.retryable, retryAfter });
}
