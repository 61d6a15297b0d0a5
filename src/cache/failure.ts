import { isTransmissionCode, QccError, refusal } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import type { StoredFailure } from './entry.js';

/** How long everyone who asks the same gets this refusal, in milliseconds; 0 where it is not repeated. */
function rememberedFor(error: QccError): number {
  const status = error.upstream?.status ?? null;
  return error.called && status !== null ? (statusRule(status).rememberedFor ?? 0) * 1000 : 0;
}

/** A failure as it is stored; undefined where no call was made, so nobody needs it. */
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
  if (code !== null) return new QccError(code, message, { upstream, retryable: true });
  const error = refusal({ ...upstream, status: upstream.status ?? '' }, now);
  if (until === 0 || error.retryAfter === undefined) return error;
  return new QccError(error.code, error.message, {
    upstream,
    retryable: error.retryable,
    retryAfter: Math.max(1, Math.ceil((until - now) / 1000)),
  });
}
