import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { statusRule } from '../qcc/statuses.js';
import type { Answers } from './answers.js';
import type { CallStatistics, SandboxMethod } from './call-statistics.js';
import { type Outcome, outcomeOf } from './cards.js';
import { emptyEnvelope, nextOrderNumber, readCaseId, readListRequest, signatureFault } from './protocol.js';
import { sendFault, sendHttpStatus, sendJson } from './send.js';

export interface SandboxState {
  readonly statistics: CallStatistics;
  readonly answers: Answers;
}

/** A call with valid parameters. */
interface ValidCall {
  /** The search key or case id, which may be a card. */
  readonly subject: string;
  envelope(outcome: Outcome | undefined, orderNumber: string): object;
}

/** Reads the parameters of a call, or gives the status that refuses them. */
type ReadCall = (query: URLSearchParams, answers: Answers) => ValidCall | string;

const readers: Readonly<Record<SandboxMethod, ReadCall>> = {
  GetList(query, answers) {
    const request = readListRequest(query);
    if (typeof request === 'string') return request;
    return {
      subject: request.searchKey,
      envelope: (outcome, orderNumber) => answers.list(request, outcome, orderNumber),
    };
  },
  GetDetail(query, answers) {
    const id = readCaseId(query);
    if (id === undefined) return '202';
    return { subject: id, envelope: (outcome, orderNumber) => answers.detail(id, outcome, orderNumber) };
  },
};

/** Adds to the message of a card what its status would stop at QCC. */
function withEffect(envelope: object, outcome: Outcome | undefined): object {
  const stops = outcome?.kind === 'status' ? statusRule(outcome.status).stops : undefined;
  if (stops === undefined || !('Message' in envelope)) return envelope;
  const calls = stops === 'account' ? 'all calls of the account' : 'all calls of this method';
  return {
    ...envelope,
    Message: `${envelope.Message} (sandbox card: after this answer of QCC, the gateway stops ${calls})`,
  };
}

/**
 * Decides how a call is answered, and counts it: QCC would bill it from here on, even if its answer never arrives.
 *
 * @returns `respond` sends the response, after `delay` milliseconds besides the sandbox's own latency
 */
export function decide(
  method: SandboxMethod,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
  { statistics, answers }: SandboxState,
) {
  const orderNumber = nextOrderNumber();
  const parameters = Object.fromEntries([...query].filter(([name]) => name !== 'key'));
  const call = signatureFault(query, headers) ?? readers[method](query, answers);
  const outcome = typeof call === 'string' ? undefined : outcomeOf(call.subject);
  if (outcome?.kind === 'fault' || outcome?.kind === 'http') {
    statistics.count({ method, parameters, status: null, orderNumber: null }, null);
    const respond = (response: ServerResponse) =>
      outcome.kind === 'fault'
        ? sendFault(response, outcome.fault)
        : sendHttpStatus(response, outcome.status);
    return { delay: 0, respond };
  }
  const envelope =
    typeof call === 'string'
      ? emptyEnvelope(call, orderNumber)
      : withEffect(call.envelope(outcome, orderNumber), outcome);
  const status = 'Status' in envelope ? String(envelope.Status) : '';
  statistics.count({ method, parameters, status, orderNumber }, statusRule(status).billed);
  const delay = outcome?.kind === 'slow' ? outcome.milliseconds : 0;
  return { delay, respond: (response: ServerResponse) => sendJson(response, 200, envelope) };
}
