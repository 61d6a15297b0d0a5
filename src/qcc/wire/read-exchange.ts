import type { Answer, Call } from '../call.js';
import { type Envelope, readEnvelope } from '../envelope.js';
import { type QccError, refusal, type TransmissionCode, transmissionError } from '../error.js';
import { statusRule } from '../statuses.js';
import { withoutIdentities } from '../text/redaction.js';
import { withoutLoneSurrogates } from '../values.js';
import type { Exchange } from './transport.js';

/** Takes our secrets out of a text from QCC. */
export type Redact = (text: string) => string;

/** The answer that an exchange brought. @throws QccError where it brought no data */
export function readExchange<T>(
  call: Call<T>,
  exchange: Exchange,
  redact: Redact,
  receivedAt: number,
): Answer<T> {
  const { method, parameters } = call;
  const { envelope, isDamaged } = readAnswered(method.name, exchange, redact);
  const label = (text: string | null) => (text === null ? null : cut(redact(text), MAX_LABEL_LENGTH));
  const facts = {
    method: method.name,
    status: cut(redact(envelope.status), MAX_STATUS_LENGTH),
    // Identities are redacted in messages only: an order number may look like an identity number.
    message: label(envelope.message && withoutIdentities(envelope.message)),
    orderNumber: label(envelope.orderNumber),
  };
  const rule = statusRule(envelope.status);
  if (rule.code !== null) throw refusal(facts);
  const data = rule.empty ? method.nothing(parameters) : isDamaged ? undefined : readData(call, envelope);
  if (data === undefined) {
    const what = isDamaged ? 'a body that is not UTF-8' : 'a Result of an unknown shape';
    const message = `QCC answered ${method.name} with status ${facts.status} and ${what}`;
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

/** An envelope. Where the body is damaged, only its status, and the labels that are whole, can be used. */
interface Answered {
  readonly envelope: Envelope;
  readonly isDamaged: boolean;
}

/** The envelope of an exchange. @throws QccError where none arrived */
function readAnswered(method: string, exchange: Exchange, redact: Redact): Answered {
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
      const { text, isDamaged } = exchange.body;
      // QCC may repeat the request anywhere in its answer, values included.
      const envelope = readEnvelope(redact(text));
      if (envelope) return { envelope: isDamaged ? withWholeLabels(envelope) : envelope, isDamaged };
      throw fail(
        'UPSTREAM_BAD_RESPONSE',
        `QCC answered ${method} with something other than JSON with a Status`,
        null,
      );
    }
  }
}

/** The envelope of a damaged body without the labels that lost a character. */
function withWholeLabels({ message, orderNumber, ...envelope }: Envelope): Envelope {
  const whole = (text: string | null) => (text?.includes('\uFFFD') ? null : text);
  return { ...envelope, message: whole(message), orderNumber: whole(orderNumber) };
}

const MAX_LABEL_LENGTH = 200;
/** QCC's statuses have three digits. */
const MAX_STATUS_LENGTH = 20;

/** Takes secrets out, and the token of one call. */
export function redactor(redactSecrets: Redact, token: string): Redact {
  const hidden = '[redacted]';
  return (text) => redactSecrets(text).replaceAll(token, hidden).replaceAll(token.toLowerCase(), hidden);
}

function cut(text: string, length: number): string {
  return withoutLoneSurrogates(text.slice(0, length));
}
