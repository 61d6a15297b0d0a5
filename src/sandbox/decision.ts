import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MethodName } from '../qcc/methods.js';
import type { Credentials } from '../qcc/signature.js';
import { statusRule } from '../qcc/statuses.js';
import type { Answers } from './answers.js';
import type { CallStatistics } from './call-statistics.js';
import { playOf } from './cards.js';
import { misbehave } from './faults.js';
import {
  emptyEnvelope,
  nextOrderNumber,
  readId,
  readPageRequest,
  searchKeyFault,
  signatureFault,
} from './protocol.js';
import { send, sendStatus } from './send.js';

export interface Parts {
  readonly credentials: Credentials;
  readonly latency: number;
  readonly statistics: CallStatistics;
  readonly answers: Answers;
}

/** What a request gets, `after` so many milliseconds. */
export interface Decision {
  readonly after: number;
  deliver(response: ServerResponse): void;
}

/** Decides what a request gets, and counts it: from here on QCC would bill it, whether or not its answer arrives. */
export function decide(
  method: MethodName,
  query: URLSearchParams,
  request: IncomingMessage,
  { credentials, statistics, answers }: Parts,
): Decision {
  const orderNumber = nextOrderNumber();
  const parameters = Object.fromEntries([...query].filter(([name]) => name !== 'key'));
  const unanswered = (deliver: Decision['deliver']): Decision => {
    statistics.count({ method, parameters, status: null, orderNumber: null }, null);
    return { after: 0, deliver };
  };
  const reply = (envelope: object, after = 0): Decision => {
    const status = 'Status' in envelope ? String(envelope.Status) : '';
    statistics.count({ method, parameters, status, orderNumber }, statusRule(status).billed);
    return { after, deliver: (response) => send(response, 200, envelope) };
  };
  const refuse = (status: string) => reply(emptyEnvelope(status, orderNumber));

  const fault = signatureFault(credentials, query, request.headers);
  if (fault !== undefined) return refuse(fault);
  const page = method === 'GetList' ? readPageRequest(query) : undefined;
  if (typeof page === 'string') return refuse(page);
  const subject = page ? (query.get('searchKey')?.trim() ?? '') : readId(query);
  if (subject === undefined) return refuse('202');
  const keyFault = page && searchKeyFault(subject);
  if (keyFault !== undefined) return refuse(keyFault);

  const play = playOf(subject);
  if (play?.kind === 'fault') return unanswered((response) => misbehave(response, play.fault));
  if (play?.kind === 'http') return unanswered((response) => sendStatus(response, play.status));
  const envelope = page
    ? answers.list(subject, page, play, orderNumber)
    : answers.detail(subject, play, orderNumber);
  return reply(envelope, play?.kind === 'slow' ? play.milliseconds : 0);
}
