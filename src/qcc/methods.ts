import { z } from 'zod';
import { type CaseDetail, type CasePage, type CaseRow, caseDetail, casePage } from './cases.js';
import type { Envelope } from './envelope.js';
import { readAmount, readDate, readText } from './values.js';

/** Rows on one page of GetList: the most that QCC gives (document, 6.3.1), so the fewest calls. */
export const PAGE_SIZE = 20;
/** The last row that paging reaches (status 207). */
export const LAST_ROW = 5000;

/** A question to QCC, before it is signed. */
export type Call =
  | { readonly method: 'GetList'; readonly searchKey: string; readonly page: number }
  | { readonly method: 'GetDetail'; readonly id: string };

export type MethodName = Call['method'];
export type CallOf<M extends MethodName> = Extract<Call, { method: M }>;

/** What each method's data is; null is a case that QCC does not know. */
export interface Answers {
  GetList: CasePage;
  GetDetail: CaseDetail | null;
}

/** Data with the marks of the purchase that brought it. */
export interface Answer<T> {
  readonly data: T;
  readonly status: string;
  /** The number that QCC bills by. */
  readonly orderNumber: string | null;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export type { CaseDetail, CasePage, CaseRow } from './cases.js';
export type AnswerTo<C extends Call> = Answer<Answers[C['method']]>;

/** One method of the API. */
export interface Method<M extends MethodName> {
  /** Appended to the base URL. */
  readonly path: string;
  /** The query string but for `key`. */
  parameters(call: CallOf<M>): Readonly<Record<string, string>>;
  /** What a reader of the ledger would call the thing asked for. */
  subject(call: CallOf<M>): string;
  /** Reads the data of status 200. Undefined where its shape is wrong. */
  read(envelope: Envelope, call: CallOf<M>): Answers[M] | undefined;
  /** The data of status 201: asked, and nothing there. */
  nothing(call: CallOf<M>): Answers[M];
  /** Whether data says that there is nothing. */
  isEmpty(data: Answers[M]): boolean;
  /** Reads data that was kept. */
  readonly kept: z.ZodType<Answers[M]>;
}

const id = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.trim())
  .refine((text) => text !== '');
/** What is in an answer beside the fields that must be of a shape is read value by value: most need nothing of a schema. */
const row = z.looseObject({ Id: id }).transform(readRow);

const owner = z.looseObject({}).transform(({ KeyNo, Name }) => {
  const [keyNo, name] = [readText(KeyNo), readText(Name)];
  return keyNo === null && name === null ? null : { keyNo, name };
});

const detail = z
  .looseObject({
    Id: id.nullish(),
    OwnerInfo: owner.nullish().or(z.literal('').transform(() => null)),
  })
  .nullish();

const list = z
  .object({
    VerifyResult: z
      .unknown()
      .optional()
      .transform((flag) => (String(flag) === '1' ? true : String(flag) === '0' ? false : null)),
    Data: z.array(row).nullish(),
  })
  .nullish();

const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().nonnegative());
const paging = z.object({ TotalRecords: count.nullish() }).nullish();

interface RowFields extends Readonly<Record<string, unknown>> {
  readonly Id: string;
}

function readRow(fields: RowFields): CaseRow {
  return {
    id: fields.Id,
    caseNo: readText(fields.CaseNo),
    court: readText(fields.Court),
    filingDate: readDate(fields.LianDate),
    endDate: readDate(fields.EndDate),
    enforcementAmount: readAmount(fields.ExecuteSubject),
    unperformedAmount: readAmount(fields.UnperformedAmt),
  };
}

/** Every method the gateway can ask, once. A further one is a row here and a resolver. */
export const methods: { readonly [M in MethodName]: Method<M> } = {
  GetList: {
    path: 'EndExecuteCaseCheck/GetList',
    parameters: (call) => ({
      searchKey: call.searchKey,
      pageIndex: String(call.page),
      pageSize: String(PAGE_SIZE),
    }),
    subject: (call) => `${call.searchKey} #${call.page}`,
    read(envelope, call) {
      const result = list.safeParse(envelope.result);
      const pages = paging.safeParse(envelope.paging);
      if (!result.success || !pages.success) return undefined;
      const rows = result.data?.Data ?? [];
      if (rows.length > PAGE_SIZE) return undefined;
      return toPage(call.page, rows, result.data?.VerifyResult ?? null, pages.data?.TotalRecords ?? null);
    },
    nothing: (call) => toPage(call.page, [], null, null),
    isEmpty: ({ rows }) => rows.length === 0,
    kept: casePage,
  },
  GetDetail: {
    path: 'EndExecuteCaseCheck/GetDetail',
    parameters: (call) => ({ id: call.id }),
    subject: (call) => call.id,
    read(envelope, call) {
      const result = detail.safeParse(envelope.result);
      if (!result.success) return undefined;
      const found = result.data;
      if (!found) return null;
      return {
        ...readRow({ ...found, Id: found.Id ?? call.id }),
        certificateNo: readText(found.CerNo),
        judgmentDebtor: found.OwnerInfo ?? null,
      };
    },
    nothing: () => null,
    isEmpty: (data) => data === null,
    kept: caseDetail.nullable(),
  },
};

/** An empty page says nothing of the list, unless it is the first; a page with rows proves at least as many. */
function toPage(
  page: number,
  rows: readonly CaseRow[],
  verified: boolean | null,
  totalRecords: number | null,
): CasePage {
  if (rows.length > 0) {
    const told = totalRecords === null ? null : Math.max(totalRecords, provenBy(page, rows));
    return { verified: verified ?? true, total: told, rows };
  }
  if (page === 1) return { verified: verified ?? (totalRecords ?? 0) > 0, total: totalRecords ?? 0, rows };
  return { verified: verified || null, total: totalRecords || null, rows };
}

/** How long, at least, a list is whose page holds these rows. */
export function provenBy(page: number, rows: readonly CaseRow[]): number {
  return rows.length === 0 ? 0 : (page - 1) * PAGE_SIZE + rows.length;
}
