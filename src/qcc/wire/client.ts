import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../../errors.js';
import type { Answer, Call } from '../call.js';
import { type Envelope, readEnvelope } from '../envelope.js';
import { Cancelled, type QccError, refusal, type TransmissionCode, transmissionError } from '../error.js';
import { withoutIdentities, withoutSecrets } from '../redaction.js';
import { type Credentials, sign } from '../signature.js';
import { statusRule } from '../statuses.js';
import type { Cancellation } from './cancellation.js';
import type { Deadline } from './deadline.js';
import type { Exchange, Sending, Transport } from './transport.js';

/** How long the client keeps listening to an attempt past its timeout, in milliseconds: it may have been billed. */
const LISTEN_AFTER_TIMEOUT = 60_000;
/** A timer that fires this many milliseconds late shows that the process was stopped or busy. */
const LATE_TIMER = 50;
/** Turns of the event loop that read what has arrived meanwhile: up to 2 MB, in pieces of 64 KB. */
const TURNS_AFTER_LATE_TIMER = 50;

export interface ClientSettings {
  readonly credentials: Credentials;
  /** Milliseconds from connect to last byte, for one attempt. */
  readonly timeout: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What bounds one attempt. */
export interface AttemptContext {
  readonly deadline: Deadline;
  /** Undefined: the attempt is never cancelled. */
  readonly cancellation?: Cancellation | undefined;
}

/**
 * Calls QCC once: at most one signed HTTP request.
 *
 * @throws QccError for every failure; its `late` settles if an answer arrives after the timeout
 * @throws Cancelled where the call was cancelled before a byte left
 */
export type Client = <T>(call: Call<T>, context: AttemptContext) => Promise<Answer<T>>;

/** The innermost handler: signs a call, sends it, reads the answer. */
export function createClient(transport: Transport, settings: ClientSettings): Client {
  const { credentials, timeout, now } = settings;
  const redactSecrets = withoutSecrets([credentials.key, credentials.secretKey]);

  return <T>(call: Call<T>, { cancellation, deadline }: AttemptContext) => {
    if (cancellation?.cancelled) return Promise.reject(new Cancelled());
    deadline.start();
    const { Token, Timespan } = sign(credentials);
    const sending = transport.send({
      path: call.method.path,
      parameters: { key: credentials.key, ...call.parameters },
      headers: { Token, Timespan },
    });
    // Once the request is on its way it can no longer be taken back.
    const unsubscribe = sending.sent ? undefined : cancellation?.onCancel(() => sending.takeBack());
    const answer = sending.done.then((exchange) => {
      unsubscribe?.();
      if (exchange.kind === 'unsent' && cancellation?.cancelled) throw new Cancelled();
      try {
        return readExchange(call, exchange, redactor(redactSecrets, Token), now());
      } catch (error) {
        if (error instanceof GatewayError) throw error;
        // A fault of the gateway. The answer arrived, so it may have been billed.
        const message = `the answer of QCC to ${call.method.name} could not be read`;
        throw transmissionError('UPSTREAM_BAD_RESPONSE', message, { method: call.method.name, billed: null });
      }
    });
    return withTimeout(call.method.name, sending, answer, Math.min(timeout, deadline.left));
  };
}

/** Rejects after `wait` milliseconds. If a byte has left, the answer may still arrive: it becomes the error's `late`. */
function withTimeout<T>(
  method: string,
  sending: Sending,
  answer: Promise<Answer<T>>,
  wait: number,
): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const due = performance.now() + wait;
    let isSettled = false;
    const timer = setTimeout(async () => {
      // After a stop or a busy moment of this process, the answer may wait in the socket: it is read first.
      const turns = performance.now() - due > LATE_TIMER ? TURNS_AFTER_LATE_TIMER : 1;
      for (let turn = 0; turn < turns && !isSettled; turn += 1) await nextTurn();
      if (isSettled) return;
      const message = `QCC did not answer ${method} within ${Math.round(wait)} ms`;
      if (sending.sent) {
        setTimeout(() => sending.abort(), LISTEN_AFTER_TIMEOUT).unref();
        reject(transmissionError('UPSTREAM_TIMEOUT', message, { method, billed: null }, answer));
      } else {
        sending.abort();
        reject(transmissionError('UPSTREAM_TIMEOUT', message, { method, billed: false }));
      }
    }, wait);
    answer.then(
      (received) => {
        isSettled = true;
        clearTimeout(timer);
        resolve(received);
      },
      (error: unknown) => {
        isSettled = true;
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

type Redact = (text: string | null) => string | null;

/** @throws QccError where the exchange brought no data */
function readExchange<T>(call: Call<T>, exchange: Exchange, redact: Redact, receivedAt: number): Answer<T> {
  const { method, parameters } = call;
  const envelope = readAnswered(method.name, exchange);
  const facts = {
    method: method.name,
    status: redact(envelope.status) ?? '',
    // Identities are redacted in messages only: an order number may look like an identity number.
    message: redact(envelope.message && withoutIdentities(envelope.message)),
    orderNumber: redact(envelope.orderNumber),
  };
  const rule = statusRule(envelope.status);
  if (rule.code !== null) throw refusal(facts);
  const data = rule.empty ? method.nothing(parameters) : readData(call, envelope);
  if (data === undefined) {
    const message = `QCC answered ${method.name} with status ${facts.status} and a Result of an unknown shape`;
    throw transmissionError('UPSTREAM_BAD_RESPONSE', message, { ...facts, billed: rule.billed });
  }
  return { data, status: facts.status, orderNumber: facts.orderNumber, receivedAt };
}

/** The data of status 200; undefined where it cannot be read, for whatever reason. */
function readData<T>({ method, parameters }: Call<T>, envelope: Envelope): T | undefined {
  try {
    return method.read(envelope, parameters);
  } catch {
    return undefined;
  }
}

/** The envelope of an exchange. @throws QccError where none arrived */
function readAnswered(method: string, exchange: Exchange): Envelope {
  const fail = (code: TransmissionCode, message: string, billed: false | null): QccError =>
    transmissionError(code, message, { method, billed });
  switch (exchange.kind) {
    case 'unsent':
      throw fail(
        'UPSTREAM_UNREACHABLE',
        `QCC could not be reached (${exchange.reason}); nothing was sent`,
        false,
      );
    case 'broken':
      throw fail(
        'UPSTREAM_UNREACHABLE',
        `the connection to QCC broke before ${method} was answered (${exchange.reason})`,
        null,
      );
    case 'unreadable':
      throw fail(
        'UPSTREAM_BAD_RESPONSE',
        `QCC answered ${method} with a body that cannot be read (${exchange.reason})`,
        null,
      );
    case 'answered': {
      if (exchange.httpStatus !== 200) {
        const message = `QCC answered ${method} with HTTP ${exchange.httpStatus} instead of 200`;
        throw fail('UPSTREAM_BAD_RESPONSE', message, null);
      }
      const envelope = readEnvelope(exchange.body);
      if (envelope) return envelope;
      throw fail(
        'UPSTREAM_BAD_RESPONSE',
        `QCC answered ${method} with something other than JSON with a Status`,
        null,
      );
    }
  }
}

const MAX_LABEL_LENGTH = 200;

/** Bounds the length of a text from QCC and removes our secrets and the token from it. */
function redactor(redactSecrets: (text: string) => string, token: string): Redact {
  const hidden = '[redacted]';
  return (text) => {
    if (text === null) return null;
    const redacted = redactSecrets(text).replaceAll(token, hidden).replaceAll(token.toLowerCase(), hidden);
    return redacted.slice(0, MAX_LABEL_LENGTH);
  };
}
