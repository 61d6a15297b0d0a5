import type { IncomingHttpHeaders } from 'node:http';
import { foldSearchKey, isCreditCode, isRegistrationNo } from '../qcc/search-key.js';
import { type Credentials, sign } from '../qcc/signature.js';
import { statusRule } from '../qcc/statuses.js';

/** Longest that a Timespan may be off, in seconds. */
const CLOCK_SKEW = 300;
const LAST_ROW = 5000;
const MAX_PAGE = 20;
const MAX_ID = 36;

/** The window of a GetList request. */
export interface PageRequest {
  readonly index: number;
  readonly size: number;
}

/** The status that refuses a request's key or signature (document, 6.1); undefined where both are right. */
export function signatureFault(
  { key, secretKey }: Credentials,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): string | undefined {
  if (query.get('key') !== key) return '101';
  const { token, timespan } = headers;
  const seconds = typeof timespan === 'string' && /^\d{1,12}$/.test(timespan) ? Number(timespan) : undefined;
  if (seconds === undefined || token === undefined) return '115';
  if (Math.abs(Date.now() / 1000 - seconds) > CLOCK_SKEW) return '115';
  return token === sign({ key, secretKey }, seconds * 1000).Token ? undefined : '107';
}

/** The page that GetList is asked for, or the status that refuses its parameters (document, 6.3.1). */
export function readPageRequest(query: URLSearchParams): PageRequest | string {
  const searchKey = query.get('searchKey')?.trim() ?? '';
  if (searchKey === '') return '202';
  if ([...searchKey].length < 2) return '213';
  const index = readPositive(query.get('pageIndex') ?? '1');
  const size = readPositive(query.get('pageSize') ?? '10');
  if (index === undefined || size === undefined || size > MAX_PAGE) return '202';
  return (index - 1) * size >= LAST_ROW ? '207' : { index, size };
}

/** The API takes companies, and a code whose check is wrong is nobody's; undefined for a key that may be searched. */
export function searchKeyFault(searchKey: string): string | undefined {
  const folded = foldSearchKey(searchKey).trim();
  if (/^p[0-9a-f]{31}$/.test(folded)) return '208';
  if (/^\d{15}$/.test(folded)) return isRegistrationNo(folded) ? undefined : '201';
  if (/^[0-9a-z]{18}$/.test(folded)) return isCreditCode(folded.toUpperCase()) ? undefined : '201';
  return undefined;
}

/** The id that GetDetail is asked for, or undefined where QCC would refuse it (status 202). */
export function readId(query: URLSearchParams): string | undefined {
  const id = query.get('id') ?? '';
  return id === '' || id.length > MAX_ID ? undefined : id;
}

function readPositive(text: string): number | undefined {
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

let orders = Math.floor(Math.random() * 100_000_000);

/** The number QCC bills by: the API's class, Beijing time to the second, 8 digits that do not repeat within it. */
export function nextOrderNumber(now: number = Date.now()): string {
  const beijing = new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
  orders = (orders + 1) % 100_000_000;
  return `ENDEXECUTECASECHECK${beijing}${String(orders).padStart(8, '0')}`;
}

/** What QCC says of a status. */
export function messageOf(status: string): string {
  const { meaning, billed } = statusRule(status);
  return `${billed ? '【有效请求】' : '【无效请求】'}${meaning}`;
}

/** The envelope around nothing, in the order of captured answers: 查询无结果 has no Paging, a refusal a null one. */
export function emptyEnvelope(status: string, orderNumber: string) {
  const paging = statusRule(status).empty ? {} : { Paging: null };
  return {
    Status: status,
    Message: messageOf(status),
    OrderNumber: orderNumber,
    ...paging,
    Result: null,
  };
}

/** The envelope of a company that has no case, as captured. */
export function noCaseEnvelope(orderNumber: string) {
  return { ...emptyEnvelope('200', orderNumber), Result: { VerifyResult: 0, Data: null } };
}
