import type { IncomingHttpHeaders } from 'node:http';
import { foldSearchKey, isCreditCode, isRegistrationNo } from '../qcc/search-key.js';
import { type Credentials, sign } from '../qcc/signature.js';
import { statusRule } from '../qcc/statuses.js';

/** The credentials that the sandbox accepts. */
export const SANDBOX_CREDENTIALS: Credentials = {
  key: 'sandbox-key-of-nobody',
  secretKey: 'sandbox-secret-of-nobody',
};

/** Seconds by which a Timespan may differ from this clock. */
const MAX_CLOCK_SKEW = 300;
/** The last row that paging reaches (document, 7.1, status 207). */
const LAST_ROW = 5000;
/** Document, 6.3.1. */
const MAX_PAGE_SIZE = 20;
const MAX_ID_LENGTH = 36;

/** The parameters of a GetList request. */
export interface ListRequest {
  readonly searchKey: string;
  /** From 1. */
  readonly pageIndex: number;
  readonly pageSize: number;
}

/** The status that refuses a request's key or signature (document, 6.1); undefined if both are right. */
export function signatureFault(
  query: URLSearchParams,
  { token, timespan }: IncomingHttpHeaders,
): string | undefined {
  if (query.get('key') !== SANDBOX_CREDENTIALS.key) return '101';
  const seconds = /^\d{1,12}$/.test(String(timespan)) ? Number(timespan) : Number.NaN;
  const isInTime = Math.abs(Date.now() / 1000 - seconds) <= MAX_CLOCK_SKEW;
  if (token === undefined || !isInTime) return '115';
  return token === sign(SANDBOX_CREDENTIALS, seconds * 1000).Token ? undefined : '107';
}

/** The parameters of a GetList request, or the status that refuses them (document, 6.3.1). */
export function readListRequest(query: URLSearchParams): ListRequest | string {
  const searchKey = query.get('searchKey')?.trim() ?? '';
  if (searchKey === '') return '202';
  if ([...searchKey].length < 2) return '213';
  const pageIndex = readPositive(query.get('pageIndex') ?? '1');
  const pageSize = readPositive(query.get('pageSize') ?? '10');
  if (pageIndex === undefined || pageSize === undefined || pageSize > MAX_PAGE_SIZE) return '202';
  if ((pageIndex - 1) * pageSize >= LAST_ROW) return '207';
  return searchKeyFault(searchKey) ?? { searchKey, pageIndex, pageSize };
}

/** Refuses natural persons with 208, and finds nothing (201) by a code whose check digit is wrong. */
function searchKeyFault(searchKey: string): string | undefined {
  const folded = foldSearchKey(searchKey).trim();
  if (/^p[0-9a-f]{31}$/.test(folded)) return '208';
  if (/^\d{15}$/.test(folded)) return isRegistrationNo(folded) ? undefined : '201';
  if (/^[0-9a-z]{18}$/.test(folded)) return isCreditCode(folded.toUpperCase()) ? undefined : '201';
  return undefined;
}

/** The id in a GetDetail request (document, 6.3.2); undefined if QCC would refuse it with status 202. */
export function readCaseId(query: URLSearchParams): string | undefined {
  const id = query.get('id') ?? '';
  return id === '' || id.length > MAX_ID_LENGTH ? undefined : id;
}

function readPositive(text: string): number | undefined {
  return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

let orders = Math.floor(Math.random() * 100_000_000);

/**
 * The number that QCC bills by: the name of the API, Beijing time to the second, and 8 digits that do not repeat within
 * a second.
 */
export function nextOrderNumber(now: number = Date.now()): string {
  const beijing = new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
  orders = (orders + 1) % 100_000_000;
  return `ENDEXECUTECASECHECK${beijing}${String(orders).padStart(8, '0')}`;
}

/** QCC's message for a status. */
export function messageOf(status: string): string {
  const { meaning, billed } = statusRule(status);
  return `${billed ? '【有效请求】' : '【无效请求】'}${meaning}`;
}

/** An envelope without data. As in captured answers, 201 has no `Paging`, and any other status has null. */
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

/** The envelope for a company without cases, as in captured answers. */
export function noCaseEnvelope(orderNumber: string) {
  return { ...emptyEnvelope('200', orderNumber), Result: { VerifyResult: 0, Data: null } };
}
