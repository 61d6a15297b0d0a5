import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Call } from '../qcc/call.js';
import { foldSearchKey } from '../qcc/search-key.js';

/** What the cache holds under a key: an answer, by exact or folded text; the summary of a list; the marks around a flight. */
type Kind = 'exact' | 'folded' | 'list' | 'disagreement' | 'pause' | 'failure' | 'flight';

/** The key of something in the cache: its kind, and the question it is about. */
export type CacheKey = `${Kind} ${string}`;

/** The questions of calls. A call passes many steps, and each needs its key. */
const questions = new WeakMap<Call<unknown>, string>();
/** Digests of the latest questions. */
const digests = new LRUCache<string, string>({ max: 10_000 });

/** One text for one question. It is made before signing, since a signature changes every second. */
export function questionKey<T>(call: Call<T>): string {
  const known = questions.get(call);
  if (known !== undefined) return known;
  const question = JSON.stringify([call.method.name, call.parameters]);
  questions.set(call, question);
  return question;
}

/** One text for all spellings of one question, in width and case of a name. */
function foldedQuestionKey<T>(call: Call<T>): string {
  const { method, parameters } = call;
  return method.fold ? questionKey({ method, parameters: method.fold(parameters) }) : questionKey(call);
}

/** The key for the answer to the exact text of a call. */
export function exactKey<T>(call: Call<T>): CacheKey {
  return `exact ${questionKey(call)}`;
}

/** The keys under which answers to a call may be found; new answers with data go under the first. */
export function answerKeys<T>(call: Call<T>): [CacheKey, ...CacheKey[]] {
  return call.method.fold ? [`folded ${foldedQuestionKey(call)}`, exactKey(call)] : [exactKey(call)];
}

/** The key of the lease under which a call is made. */
export function flightKey<T>(call: Call<T>): CacheKey {
  return `flight ${foldedQuestionKey(call)}`;
}

/** The key for the last failure of a call. */
export function failureKey<T>(call: Call<T>): CacheKey {
  return `failure ${questionKey(call)}`;
}

/** The key for the pause after a stale answer was served. */
export function pauseKey<T>(call: Call<T>): CacheKey {
  return `pause ${questionKey(call)}`;
}

/** The key for the summary of a company's list. */
export function listKey(searchKey: string): CacheKey {
  return `list ${foldSearchKey(searchKey)}`;
}

/** The key for the pages of a company's list that contradicted each other. */
export function disagreementKey(searchKey: string): CacheKey {
  return `disagreement ${foldSearchKey(searchKey)}`;
}

/** The key in the store: a digest of fixed length, which reveals nothing about the question. */
export function storeKey(key: CacheKey): string {
  const end = key.indexOf(' ');
  return `${key.slice(0, end)} ${digestOf(key.slice(end + 1))}`;
}

function digestOf(question: string): string {
  const known = digests.get(question);
  if (known !== undefined) return known;
  const digest = hash('sha256', question, 'base64url');
  digests.set(question, digest);
  return digest;
}
