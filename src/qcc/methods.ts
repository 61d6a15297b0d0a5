import type { Call, Method } from './call.js';
import {
  type CaseDetail,
  type CasePage,
  caseDetail,
  casePage,
  readCase,
  readId,
  readJudgmentDebtor,
  readRow,
} from './cases.js';
import { foldSearchKey } from './search-key.js';
import { readCount, readObject, readText } from './values.js';

/** Rows on one page of GetList: the most that QCC gives (document, 6.3.1), so the fewest calls. */
export const PAGE_SIZE = 20;
/** The last row that paging reaches (document, 7.1, status 207). */
export const LAST_ROW = 5000;

/** 终本案件核查, the terminated cases of a company, 20 rows a page (document, 6.3.1). */
export const getList = {
  name: 'GetList',
  path: 'EndExecuteCaseCheck/GetList',
  lifetime: 'list',
  stored: casePage,
  /** @param page counted from 1 */
  call: ({ searchKey, page }: { readonly searchKey: string; readonly page: number }): Call<CasePage> => ({
    method: getList,
    parameters: { searchKey, pageIndex: String(page), pageSize: String(PAGE_SIZE) },
  }),
  subject: ({ searchKey, pageIndex }) => `${searchKey} #${pageIndex}`,
  read({ result, paging }, { pageIndex }) {
    const [fields, pages] = [Array.isArray(result) ? undefined : readObject(result), readObject(paging)];
    const rows = readRows(fields?.Data);
    if (fields === undefined || pages === undefined || rows === undefined) return undefined;
    const [asked, total] = [Number(pageIndex), readCount(pages?.TotalRecords)];
    const pageSize = countOr(PAGE_SIZE, pages?.PageSize);
    const page = rows.length > 0 ? countOr(asked, pages?.PageIndex) : asked;
    return canServe({ asked, page, total: knownTotal(total), pageSize, rows: rows.length })
      ? toPage(page, rows, readVerified(fields?.VerifyResult), total)
      : undefined;
  },
  nothing: ({ pageIndex }) => toPage(Number(pageIndex), [], null, null),
  isEmpty: ({ rows }) => rows.length === 0,
  fold: (parameters) => ({ ...parameters, searchKey: foldSearchKey(parameters.searchKey ?? '') }),
  alsoAnswers: ({ page }, parameters) =>
    String(page) === parameters.pageIndex ? null : { ...parameters, pageIndex: String(page) },
  oddity: ({ page, rows, total }) =>
    rows.length > 0 && rows.length < PAGE_SIZE && (total ?? 0) > minLength(page, rows) ? 'short page' : null,
  listFacts: ({ rows, total, verified }, { searchKey = '' }) =>
    rows.length === 0 || total === null ? null : { searchKey, facts: { total, verified } },
} satisfies Method<CasePage> & Record<'call', unknown>;

function readVerified(flag: unknown): boolean | null {
  const text = String(flag);
  return text === '1' ? true : text === '0' ? false : null;
}

/** The rows of `Data`; undefined where it is something other than a list or nothing. */
function readRows(data: unknown): CasePage['rows'] | undefined {
  if (Array.isArray(data)) return data.map(readRow);
  return readText(data) === null ? [] : undefined;
}

/** A page number or size. What is not one says nothing. */
function countOr(otherwise: number, value: unknown): number {
  const count = readCount(value);
  return typeof count === 'number' && count > 0 ? count : otherwise;
}

type Total = ReturnType<typeof readCount>;

function knownTotal(total: Total): number | null {
  return typeof total === 'number' ? total : null;
}

/** Whether a page can serve, though QCC may have answered with another page or another page size than it was asked for. */
function canServe(answer: {
  readonly asked: number;
  readonly page: number;
  readonly total: number | null;
  readonly pageSize: number;
  readonly rows: number;
}): boolean {
  const { asked, page, pageSize, rows } = answer;
  const total = answer.total ?? 0;
  if (rows > PAGE_SIZE) return false;
  // Another page may come in place of one past the end, but not in place of one that has rows.
  if (page !== asked && total > (asked - 1) * PAGE_SIZE) return false;
  // A full page of fewer rows than were asked for: the rows after it are on pages with other numbers.
  return !(pageSize < PAGE_SIZE && rows === pageSize && total > (page - 1) * PAGE_SIZE + rows);
}

/** An empty page says nothing about the list, unless it is the first; a page with rows proves at least as many. */
function toPage(
  page: number,
  rows: CasePage['rows'],
  verified: boolean | null,
  totalRecords: Total,
): CasePage {
  const isReadable = typeof totalRecords !== 'object' || totalRecords === null;
  const claimed = knownTotal(totalRecords);
  const unreadable = isReadable ? {} : { unreadableTotal: totalRecords.raw };
  if (rows.length > 0) {
    const total = claimed === null ? null : Math.max(claimed, minLength(page, rows));
    return { page, verified: verified ?? true, total, ...unreadable, rows };
  }
  if (page === 1) {
    const total = claimed ?? (isReadable ? 0 : null);
    return { page, verified: verified ?? (total ?? 0) > 0, total, ...unreadable, rows };
  }
  return { page, verified: verified || null, total: claimed || null, ...unreadable, rows };
}

/** The least length of a list whose page holds these rows. */
export function minLength(page: number, rows: CasePage['rows']): number {
  return rows.length === 0 ? 0 : (page - 1) * PAGE_SIZE + rows.length;
}

/** 终本案件详情, one case in full; null is a case that QCC does not know (document, 6.3.2). */
export const getDetail = {
  name: 'GetDetail',
  path: 'EndExecuteCaseCheck/GetDetail',
  lifetime: 'detail',
  stored: caseDetail.nullable(),
  call: ({ id }: { readonly id: string }): Call<CaseDetail | null> => ({
    method: getDetail,
    parameters: { id },
  }),
  subject: ({ id = '' }) => id,
  read({ result }, parameters) {
    const fields = readObject(result);
    if (!fields) return fields;
    const id = readId(fields.Id);
    const found = {
      ...readCase(id ?? parameters.id ?? '', fields),
      certificateNo: readText(fields.CerNo),
      judgmentDebtor: readJudgmentDebtor(fields.OwnerInfo),
    };
    return id === undefined && isBlank(found) ? null : found;
  },
  nothing: () => null,
  isEmpty: (data) => data === null,
} satisfies Method<CaseDetail | null> & Record<'call', unknown>;

/** Whether QCC said nothing about a case but its id. */
function isBlank({ id: _, ...values }: CaseDetail): boolean {
  return Object.values(values).every((value) => value === null);
}

/** Every method that the gateway can call. To add one, add its value here and a resolver that calls it. */
export const methods: readonly Method<unknown>[] = [getList, getDetail];
