import { z } from 'zod';
import type { Call, Method } from './call.js';
import { type CaseDetail, type CasePage, caseDetail, casePage, readCase, readId, readRow } from './cases.js';
import { foldSearchKey } from './search-key.js';
import { readText } from './values.js';

/** Rows on one page of GetList: the most that QCC gives (document, 6.3.1), so the fewest calls. */
export const PAGE_SIZE = 20;
/** The last row that paging reaches (document, 7.1, status 207). */
export const LAST_ROW = 5000;

// Only fields whose shape matters are in a schema; the rest is read value by value, which is cheaper.
const list = z
  .object({
    VerifyResult: z
      .unknown()
      .optional()
      .transform((flag) => (String(flag) === '1' ? true : String(flag) === '0' ? false : null)),
    Data: z.array(z.unknown()).nullish(),
  })
  .nullish();
const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().nonnegative());
const paging = z
  .object({
    TotalRecords: count.nullish(),
    PageIndex: count.nullish().catch(null),
    PageSize: count.nullish().catch(null),
  })
  .nullish();

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
  read(envelope, { pageIndex }) {
    const result = list.safeParse(envelope.result);
    const pages = paging.safeParse(envelope.paging);
    if (!result.success || !pages.success) return undefined;
    const { VerifyResult: verified = null, Data: data } = result.data ?? {};
    const { TotalRecords, PageIndex, PageSize } = pages.data ?? {};
    const rows = (data ?? []).map(readRow);
    const [asked, total] = [Number(pageIndex), TotalRecords ?? null];
    const page = rows.length > 0 && PageIndex ? PageIndex : asked;
    return canServe({ asked, page, total, pageSize: PageSize ?? PAGE_SIZE, rows: rows.length })
      ? toPage(page, rows, verified, total)
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
  totalRecords: number | null,
): CasePage {
  if (rows.length > 0) {
    const total = totalRecords === null ? null : Math.max(totalRecords, minLength(page, rows));
    return { page, verified: verified ?? true, total, rows };
  }
  if (page === 1) {
    return { page, verified: verified ?? (totalRecords ?? 0) > 0, total: totalRecords ?? 0, rows };
  }
  return { page, verified: verified || null, total: totalRecords || null, rows };
}

/** The least length of a list whose page holds these rows. */
export function minLength(page: number, rows: CasePage['rows']): number {
  return rows.length === 0 ? 0 : (page - 1) * PAGE_SIZE + rows.length;
}

const owner = z.looseObject({}).transform(({ KeyNo, Name }) => {
  const [keyNo, name] = [readText(KeyNo), readText(Name)];
  return keyNo === null && name === null ? null : { keyNo, name };
});
const detail = z
  .looseObject({ OwnerInfo: owner.nullish().or(z.literal('').transform(() => null)) })
  .nullish();

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
  read(envelope, parameters) {
    const result = detail.safeParse(envelope.result);
    if (!result.success) return undefined;
    const found = result.data;
    if (!found) return null;
    return {
      ...readCase({ ...found, Id: readId(found.Id) ?? parameters.id ?? '' }),
      certificateNo: readText(found.CerNo),
      judgmentDebtor: found.OwnerInfo ?? null,
    };
  },
  nothing: () => null,
  isEmpty: (data) => data === null,
} satisfies Method<CaseDetail | null> & Record<'call', unknown>;

/** Every method that the gateway can call. To add one, add its value here and a resolver that calls it. */
export const methods: readonly Method<unknown>[] = [getList, getDetail];
