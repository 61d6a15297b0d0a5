import type { z } from 'zod';
import type { Envelope } from './envelope.js';

/** The query string of a call, without `key`. */
export type Parameters = Readonly<Record<string, string>>;

/** What an answer says about the whole list that it is a page of. */
export interface ListFacts {
  /** TotalRecords. */
  readonly total: number;
  /** VerifyResult: whether the company has cases. */
  readonly verified: boolean | null;
}

/** One method of the API, with all that is particular to it. `T` is the data of its answers. */
export interface Method<T> {
  /** As the document names it; also its name in prices, costs, the ledger and metrics. */
  readonly name: string;
  /** Appended to the base URL. */
  readonly path: string;
  /** Which lifetime its answers have: `CACHE_LIST_TTL` or `CACHE_DETAIL_TTL`. */
  readonly lifetime: 'list' | 'detail';
  /** Reads data that the cache stored. */
  readonly stored: z.ZodType<T>;
  /** Names what is asked for, for readers of the ledger. */
  subject(parameters: Parameters): string;
  /** Reads the data of status 200; undefined where its shape is wrong. */
  read(envelope: Envelope, parameters: Parameters): T | undefined;
  /** The data of status 201: QCC found nothing. */
  nothing(parameters: Parameters): T;
  /** Whether data says that QCC found nothing. */
  isEmpty(data: T): boolean;
  /** The same parameters for all spellings of one question; without it, each spelling is a question of its own. */
  fold?(parameters: Parameters): Parameters;
  /** Other parameters that data is the answer to as well, where QCC answered another question than it was asked. */
  alsoAnswers?(data: T, parameters: Parameters): Parameters | null;
  /** Names what is unusual about data that is served nevertheless, for the log and the metrics. */
  oddity?(data: T): string | null;
  /** What data says about the list that it is a page of, and the key of that list. */
  listFacts?(
    data: T,
    parameters: Parameters,
  ): { readonly searchKey: string; readonly facts: ListFacts } | null;
}

/** A question to QCC, before it is signed. Each method makes its own: `getList.call({ searchKey, page })`. */
export interface Call<T> {
  readonly method: Method<T>;
  readonly parameters: Parameters;
}

/** What shows where data comes from, and as of when it is true. */
export interface Evidence {
  /** When QCC's answer arrived, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** The number that QCC bills by. */
  readonly orderNumber: string | null;
  /** Set where the answer was past its TTL when it was served. */
  readonly pastTtl?: true;
}

/** Data with the evidence of the purchase that brought it. */
export interface Answer<T> extends Evidence {
  readonly data: T;
  readonly status: string;
}

/** Whether data was past its TTL, or was received before `oldest`, in milliseconds since 1970. */
export function isStale({ pastTtl, receivedAt }: Evidence, oldest: number): boolean {
  return pastTtl === true || receivedAt < oldest;
}

/**
 * Gives an answer the type that its call has. Maps of answers to calls of several methods lose it; their keys begin with
 * the name of the method, so the entry under the key of a call is an answer of that call's method.
 */
export function answerTo<T>(_call: Call<T>, answer: Answer<unknown>): Answer<T> {
  return answer as Answer<T>;
}
