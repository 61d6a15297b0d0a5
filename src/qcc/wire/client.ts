import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../../errors.js';
import type { Answer, Call } from '../call.js';
import { Cancelled, transmissionError } from '../error.js';
import { type Credentials, sign } from '../signature.js';
import { withoutSecrets } from '../text/redaction.js';
import type { Cancellation } from './cancellation.js';
import type { Deadline } from './deadline.js';
import { readExchange, redactor } from './read-exchange.js';
import type { Sending, Transport } from './transport.js';

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
