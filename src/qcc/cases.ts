import * as z from 'zod';
import {
  type Fields,
  rawOf,
  readAmount,
  readDate,
  reading,
  readObject,
  readText,
  type Unreadable,
  unreadable,
} from './values.js';

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
  judgmentDebtor: z.union([z.object({ keyNo: reading, name: reading }), z.null(), unreadable]),
});

/** One page of a company's cases. */
export const casePage = z.object({
  /** Which page the rows are of, counted from 1: QCC may answer with another page than it was asked for. */
  page: z.number(),
  /** VerifyResult: whether the company has cases; null where this page cannot say. */
  verified: z.boolean().nullable(),
  /** TotalRecords; null where this page does not say, or not readably. */
  total: z.number().nullable(),
  /** TotalRecords as QCC sent it, where it cannot be read. */
  unreadableTotal: z.string().optional(),
  /** A row without a readable Id has its place in the list, but is no case. */
  rows: z.array(z.union([caseRow, unreadable])).readonly(),
});

export type CaseRow = Readonly<z.infer<typeof caseRow>>;
export type InvalidRow = Unreadable;
export type CaseDetail = Readonly<z.infer<typeof caseDetail>>;
export type CasePage = Readonly<z.infer<typeof casePage>>;

/** Reads the fields that a list row and a detail share (document, 6.3). */
export function readCase(id: string, fields: Fields): CaseRow {
  return {
    id,
    caseNo: readText(fields.CaseNo),
    court: readText(fields.Court),
    filingDate: readDate(fields.LianDate),
    endDate: readDate(fields.EndDate),
    enforcementAmount: readAmount(fields.ExecuteSubject),
    unperformedAmount: readAmount(fields.UnperformedAmt),
  };
}

/** The id of a case; undefined where it is missing, empty or cannot be read. */
export function readId(value: unknown): string | undefined {
  const id = readText(value);
  return typeof id === 'string' ? id : undefined;
}

/** Reads OwnerInfo: an object, or a list that holds one. More than one debtor cannot be read as one. */
export function readJudgmentDebtor(value: unknown): CaseDetail['judgmentDebtor'] {
  const fields = readObject(value);
  if (fields === undefined) return { raw: rawOf(value) };
  const [keyNo, name] = [readText(fields?.KeyNo), readText(fields?.Name)];
  return keyNo === null && name === null ? null : { keyNo, name };
}

/** Reads a row of a list. */
export function readRow(row: unknown): CaseRow | InvalidRow {
  const fields = readObject(row);
  const id = readId(fields?.Id);
  return fields && id !== undefined ? readCase(id, fields) : { raw: rawOf(row) };
}
