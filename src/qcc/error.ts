import { GatewayError } from '../errors.js';
import { endOfDay } from './day.js';
import type { Answer, Answers, MethodName } from './methods.js';
import { type RefusalCode, statusRule } from './statuses.js';

/** Codes for attempts that brought no answer that can be used. */
export const TRANSMISSION_CODES = [
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_BAD_RESPONSE',
] as const;
export type TransmissionCode = (typeof TRANSMISSION_CODES)[number];

export type QccErrorCode = RefusalCode | TransmissionCode;

/** What is known of the call that failed; `billed` is null where only QCC's invoice can tell. */
export interface UpstreamFacts {
  readonly method: MethodName;
  readonly status: string | null;
  readonly message: string | null;
  readonly orderNumber: string | null;
  readonly billed: boolean | null;
}

export interface QccErrorDetails {
  readonly upstream?: UpstreamFacts;
  readonly retryable?: boolean;
  /** Seconds. */
  readonly retryAfter?: number;
  /** False where the call was not made, because an earlier one had failed so. */
  readonly asked?: boolean;
  /** The answer to an attempt that was given up but may still arrive. */
  readonly late?: Promise<Answer<Answers[MethodName]>>;
}

/** Why there is no answer. Its message, unlike its cause, may be shown to anyone: no key, URL or address is in it. */
export class QccError extends GatewayError {
  declare readonly code: QccErrorCode;
  readonly upstream: UpstreamFacts | undefined;
  readonly asked: boolean;
  readonly #late: QccErrorDetails['late'];

  constructor(code: QccErrorCode, message: string, details: QccErrorDetails = {}) {
    const { upstream, retryable = false, retryAfter } = details;
    super(code, message, { retryable, retryAfter, facts: upstream ? { upstream } : {} });
    this.upstream = upstream;
    this.asked = details.asked ?? true;
    this.#late = details.late;
  }

  /** Settles if the attempt is answered after all; undefined where nothing more can come. */
  get late(): QccErrorDetails['late'] {
    return this.#late;
  }

  /** The same error, whose late answer is first seen to by others. */
  withLate(late: QccErrorDetails['late']): QccError {
    const { code, message, upstream, retryable, retryAfter, asked } = this;
    return new QccError(code, message, {
      retryable,
      asked,
      ...(upstream ? { upstream } : {}),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(late ? { late } : {}),
    });
  }

  /** Whether no byte of the request can have reached QCC: of failed transmissions, only such are safe to repeat. */
  get neverSent(): boolean {
    return this.asked && isTransmissionCode(this.code) && this.upstream?.billed === false;
  }
}

/** Whether the way to QCC failed, rather than QCC refused. */
export function isTransmissionCode(code: string): code is TransmissionCode {
  return TRANSMISSION_CODES.some((known) => known === code);
}

/** Thrown to an asker who has left: nobody reads it, and nothing was sent. */
export class Cancelled extends GatewayError {
  constructor() {
    super('CANCELLED', 'The caller no longer waits for this call.');
  }
}

/** The error for an attempt that brought no usable answer. */
export function transmissionError(
  code: TransmissionCode,
  message: string,
  { method, ...facts }: Pick<UpstreamFacts, 'method' | 'billed'> & Partial<UpstreamFacts>,
  late?: QccErrorDetails['late'],
): QccError {
  return new QccError(code, message, {
    upstream: { method, status: null, message: null, orderNumber: null, ...facts },
    retryable: true,
    ...(late === undefined ? {} : { late }),
  });
}

/** The error for an answered call whose status is no data (document, 7). */
export function refusal(
  upstream: Omit<UpstreamFacts, 'billed' | 'status'> & { status: string },
  now: number = Date.now(),
): QccError {
  const rule = statusRule(upstream.status);
  const retryAfter =
    rule.retryAfter === 'next day' ? Math.ceil((endOfDay(now) - now) / 1000) : rule.retryAfter;
  return new QccError(
    rule.code ?? 'UPSTREAM_FAILURE',
    `QCC answered ${upstream.method} with status ${upstream.status}: ${upstream.message ?? rule.meaning}`,
    {
      upstream: { ...upstream, billed: rule.billed },
      retryable: rule.retryable ?? false,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
  );
}
