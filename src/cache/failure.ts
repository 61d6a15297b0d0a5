import { isTransmissionCode, QccError, refusal } from '../qcc/error.js';
import { statusRule } from '../qcc/statuses.js';
import type { KeptFailure } from './entry.js';

/** For how many milliseconds a refusal is repeated to whoever asks the same; 0 where it is not. */
export function repeatedFor(error: QccError): number {
  const status = error.upstream?.status ?? null;
  return error.asked && status !== null ? (statusRule(status).rememberedFor ?? 0) * 1000 : 0;
}

/** A failure as it is kept. Undefined where no call was made, so that nobody need be told. */
export function keepFailure(error: QccError, flight: string, failedAt: number): KeptFailure | undefined {
  const { code, message, upstream, asked } = error;
  if (!asked || upstream === undefined) return undefined;
  const span = repeatedFor(error);
  return {
    kind: 'failure',
    code: isTransmissionCode(code) ? code : null,
    message,
    upstream,
    until: span === 0 ? 0 : failedAt + span,
    flight,
    failedAt,
  };
}

/** The error that a kept failure was, as it reads now. @param now milliseconds since 1970 */
export function raise({ code, message, upstream, until }: KeptFailure, now: number): QccError {
  if (code !== null) return new QccError(code, message, { upstream, retryable: true });
  const again = refusal({ ...upstream, status: upstream.status ?? '' }, now);
  if (until === 0 || again.retryAfter === undefined) return again;
  return new QccError(again.code, again.message, {
    upstream,
    retryable: again.retryable,
    retryAfter: Math.max(1, Math.ceil((until - now) / 1000)),
  });
}
