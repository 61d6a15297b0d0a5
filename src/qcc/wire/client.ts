import { readEnvelope } from '../envelope.js';
import { Cancelled, refusal, transmissionError } from '../error.js';
import { type Answer, type Answers, type CallOf, type MethodName, methods } from '../methods.js';
import { withoutIdentities, withoutSecrets } from '../redaction.js';
import { type Credentials, sign } from '../signature.js';
import { statusRule } from '../statuses.js';
import type { Cancellation } from './cancellation.js';
import type { Deadline } from './deadline.js';
import type { Exchange, Transport } from './transport.js';

/** For how long, in milliseconds, an attempt past its timeout is still listened to: it may have been billed. */
const LISTEN_ON = 60_000;

export interface ClientSettings {
  readonly credentials: Credentials;
  /** Milliseconds from connect to last byte, one attempt. */
  readonly timeout: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What the client has to know of whoever asks. */
export interface Attempt {
  readonly deadline: Deadline;
  /** Undefined: it will not leave. */
  readonly cancellation?: Cancellation | undefined;
}

/** Asks QCC once: one signed HTTP request, or none. */
export interface Client {
  /**
   * @throws QccError whatever fails
   * @throws Cancelled where the asker left before a byte did
   */
  <M extends MethodName>(call: CallOf<M>, by: Attempt): Promise<Answer<Answers[M]>>;
}

/** The last stair: signs a call, sends it, reads what comes. */
export function createClient(transport: Transport, settings: ClientSettings): Client {
  const clean = withoutSecrets([settings.credentials.key, settings.credentials.secretKey]);

  return <M extends MethodName>(call: CallOf<M>, { cancellation, deadline }: Attempt) => {
    if (cancellation?.cancelled) return Promise.reject(new Cancelled());
    deadline.start();
    const name: M = call.method as M;
    const method = methods[name];
    const signature = sign(settings.credentials);
    const sending = transport.send({
      path: method.path,
      parameters: { key: settings.credentials.key, ...method.parameters(call) },
      headers: { Token: signature.Token, Timespan: signature.Timespan },
    });
    // Once it is on its way nobody can take it back.
    const stay = sending.sent ? undefined : cancellation?.onCancel(() => sending.takeBack());
    const answer = sending.done.then((exchange) => {
      stay?.();
      if (exchange.kind === 'unsent' && cancellation?.cancelled) throw new Cancelled();
      const redact = redactor(clean, signature.Token);
      return readExchange(name, call, exchange, redact, settings.now());
    });

    const wait = Math.min(settings.timeout, deadline.left);
    return new Promise<Answer<Answers[M]>>((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `QCC did not answer ${name} within ${Math.round(wait)} ms`;
        if (sending.sent) {
          setTimeout(() => sending.cut(), LISTEN_ON).unref();
          reject(transmissionError('UPSTREAM_TIMEOUT', message, { method: name, billed: null }, answer));
        } else {
          sending.cut();
          reject(transmissionError('UPSTREAM_TIMEOUT', message, { method: name, billed: false }));
        }
      }, wait);
      answer.then(
        (told) => {
          clearTimeout(timer);
          resolve(told);
        },
        (error: unknown) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  };
}

function readExchange<M extends MethodName>(
  name: M,
  call: CallOf<M>,
  exchange: Exchange,
  redact: (text: string | null) => string | null,
  receivedAt: number,
): Answer<Answers[M]> {
  if (exchange.kind === 'unsent') {
    const message = `QCC could not be reached (${exchange.why}); nothing was sent`;
    throw transmissionError('UPSTREAM_UNREACHABLE', message, { method: name, billed: false });
  }
  if (exchange.kind === 'broken') {
    const message = `the connection to QCC broke before ${name} was answered (${exchange.why})`;
    throw transmissionError('UPSTREAM_UNREACHABLE', message, { method: name, billed: null });
  }
  if (exchange.kind === 'unreadable') {
    const message = `QCC answered ${name} with a body that cannot be read (${exchange.why})`;
    throw transmissionError('UPSTREAM_BAD_RESPONSE', message, { method: name, billed: null });
  }
  if (exchange.httpStatus !== 200) {
    const message = `QCC answered ${name} with HTTP ${exchange.httpStatus}, where it should be 200`;
    throw transmissionError('UPSTREAM_BAD_RESPONSE', message, { method: name, billed: null });
  }
  const envelope = readEnvelope(exchange.body);
  if (envelope === undefined) {
    const message = `QCC answered ${name} with something other than JSON with a Status`;
    throw transmissionError('UPSTREAM_BAD_RESPONSE', message, { method: name, billed: null });
  }
  const facts = {
    method: name,
    status: redact(envelope.status) ?? '',
    // An order number may look like one that names a person: only in a message is one looked for.
    message: redact(envelope.message && withoutIdentities(envelope.message)),
    orderNumber: redact(envelope.orderNumber),
  };
  const rule = statusRule(envelope.status);
  if (rule.code !== null) throw refusal(facts);
  const data = rule.empty ? methods[name].nothing(call) : methods[name].read(envelope, call);
  if (data === undefined) {
    const message = `QCC answered ${name} with status ${facts.status} and a Result of an unknown shape`;
    throw transmissionError('UPSTREAM_BAD_RESPONSE', message, { ...facts, billed: rule.billed });
  }
  return { data, status: facts.status, orderNumber: facts.orderNumber, receivedAt };
}

const MAX_LABEL = 200;

/** Cuts what upstream says of itself to a length, and our secrets and the token out of it. */
function redactor(clean: (text: string) => string, token: string): (text: string | null) => string | null {
  const hidden = '[redacted]';
  return (text) => {
    if (text === null) return null;
    const said = clean(text).replaceAll(token, hidden).replaceAll(token.toLowerCase(), hidden);
    return said.slice(0, MAX_LABEL);
  };
}
