import { GatewayError } from '../errors.js';
import type { Answer } from './call.js';
import { endOfDay } from './day.js';
import { type RefusalCode, statusRule } from './statuses.js';

/** Codes of attempts that brought no usable answer. */
export const TRANSMISSION_CODES = [
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNREACHABLE',
  'UPSTREAM_BAD_RESPONSE',
] as const;
export type TransmissionCode = (typeof TRANSMISSION_CODES)[number];

export type QccErrorCode = RefusalCode | TransmissionCode;

/** What is known about the call that failed; `billed` is null where only QCC's invoice can tell. */
export interface UpstreamFacts {
  /** The method's name. */
  readonly method: string;
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
  /** False where nothing was sent because an open circuit stopped the call. Default: true. */
  readonly called?: boolean;
  /** The answer of an attempt that timed out but may still arrive. */
  readonly late?: Promise<Answer<unknown>>;
}

/** Why there is no answer. Its message is safe to show: it holds no key, no URL and no address. */
export class QccError extends GatewayError {
  declare readonly code: QccErrorCode;
  readonly upstream: UpstreamFacts | undefined;
  readonly called: boolean;
  readonly #late: QccErrorDetails['late'];

  constructor(code: QccErrorCode, message: string, details: QccErrorDetails = {}) {
    const { upstream, retryable = false, retryAfter } = details;
    super(code, message, { retryable, retryAfter, facts: upstream ? { upstream } : {} });
    this.upstream = upstream;
    this.called = details.called ?? true;
    this.#late = details.late;
  }

  /** Settles when the late answer arrives, or fails to; undefined where nothing more can come. */
  get late(): QccErrorDetails['late'] {
    return this.#late;
  }

  /** The same error with another late answer: a middleware passes on what it made of the first. */
  withLate(late: QccErrorDetails['late']): QccError {
    const { code, message, upstream, retryable, retryAfter, called } = this;
    return new QccError(code, message, {
      retryable,
      called,
      ...(upstream ? { upstream } : {}),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(late ? { late } : {}),
    });
  }

  /** Whether no byte of the request can have reached QCC. Of failed transmissions, only these are safe to repeat. */
  get neverSent(): boolean {
    return this.called && isTransmissionCode(this.code) && this.upstream?.billed === false;
  }
}

/** Whether the connection to QCC failed, as opposed to a refusal by QCC. */
export function isTransmissionCode(code: string): code is TransmissionCode {
  return TRANSMISSION_CODES.some((known) => known === code);
}

/** Thrown where the caller disconnected before anything was sent. Nobody receives it. */
export class Cancelled extends GatewayError {
  constructor() {
    super('CANCELLED', 'The caller is no longer waiting for this call.');
  }
}

/** Whether a failure says that nothing was sent. Any other may have been thrown after the request had left. */
export function sentNothing(error: unknown): boolean {
  return error instanceof Cancelled || (error instanceof QccError && !error.called);
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

/** The error for an answer whose status carries no data (document, 7). */
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
