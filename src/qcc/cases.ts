import { z } from 'zod';
import { rawOf, readAmount, readDate, readText } from './values.js';

/** A value that is there but cannot be read is kept as QCC sent it. */
const reading = z.union([z.string(), z.null(), z.object({ raw: z.string() })]);

/** One case as a row of GetList has it. Amounts are yuan, dates `YYYY-MM-DD`. */
export const caseRow = z.object({
  id: z.string(),
  caseNo: reading,
  court: reading,
  filingDate: reading,
  endDate: reading,
  enforcementAmount: reading,
  unperformedAmount: reading,
});

/** One case as GetDetail has it. */
export const caseDetail = caseRow.extend({
  certificateNo: reading,
  judgmentDebtor: z.object({ keyNo: reading, name: reading }).nullable(),
});

/** A row without a readable Id, as QCC sent it. It has its place in the list, but is no case. */
const invalidRow = z.object({ raw: z.string() });

/** One page of a company's cases. */
export const casePage = z.object({
  /** Which page the rows are of, counted from 1: QCC may answer with another page than it was asked for. */
  page: z.number(),
  /** VerifyResult: whether the company has cases; null where this page cannot say. */
  verified: z.boolean().nullable(),
  /** TotalRecords; null where this page does not say. */
  total: z.number().nullable(),
  rows: z.array(z.union([caseRow, invalidRow])).readonly(),
});

export type CaseRow = Readonly<z.infer<typeof caseRow>>;
export type InvalidRow = Readonly<z.infer<typeof invalidRow>>;
export type CaseDetail = Readonly<z.infer<typeof caseDetail>>;
export type CasePage = Readonly<z.infer<typeof casePage>>;

/** The fields of a case as QCC sends them, of any type but the id. */
interface CaseFields extends Readonly<Record<string, unknown>> {
  readonly Id: string;
}

/** Reads the fields that a list row and a detail share (document, 6.3). */
export function readCase(fields: CaseFields): CaseRow {
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

const ID = z.union([z.string(), z.number().transform(String)]).transform((text) => text.trim());

/** The id of a case; undefined where it is missing, empty or of another type. */
export function readId(value: unknown): string | undefined {
  return ID.safeParse(value).data || undefined;
}

/** Reads a row of a list. */
export function readRow(row: unknown): CaseRow | InvalidRow {
  const fields: Readonly<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {};
  const id = readId(fields.Id);
  return id === undefined ? { raw: rawOf(row) } : readCase({ ...fields, Id: id });
}
