import type { CompanyResult } from '../ask/company-result.js';
import type { EndCase } from '../ask/documents.js';
import type { ReadRow } from '../list/distinct-companies.js';
import type { Cell } from './row-file.js';

/** The columns of the list of companies. */
export const COMPANY_COLUMNS = [
  'typed',
  'kind',
  'outcome',
  'cases',
  'read',
  'complete',
  'unperformedAmount',
  'enforcementAmount',
  'newestEndDate',
  'retrievedAt',
  'stale',
  'orderNumber',
  'error',
  'source',
] as const;

/** The columns of the list of cases. Those from `certificateNo` on are empty without `--details`. */
export const CASE_COLUMNS = [
  'typed',
  'searchKey',
  'id',
  'caseNo',
  'court',
  'filingDate',
  'endDate',
  'enforcementAmount',
  'unperformedAmount',
  'certificateNo',
  'debtorKeyNo',
  'debtorName',
  'detailRetrievedAt',
  'detailStale',
  'detailOrderNumber',
  'source',
] as const;

export type CompanyRow = Readonly<Record<(typeof COMPANY_COLUMNS)[number], Cell>>;
export type CaseRow = Readonly<Record<(typeof CASE_COLUMNS)[number], Cell>>;

/** Where the data comes from, for every row. */
export const sourceOf = (sandbox: boolean) => (sandbox ? 'sandbox (invented data)' : 'QCC');

export function companyRow(read: ReadRow, result: CompanyResult, source: string): CompanyRow {
  const { orderNumbers, ...rest } = result;
  return {
    typed: read.typed,
    kind: read.kind === 'company' ? read.key.kind : null,
    ...rest,
    orderNumber: orderNumbers.length === 0 ? null : orderNumbers.join(' '),
    source,
  };
}

export function caseRow(
  typed: string,
  searchKey: string,
  { detail, ...row }: EndCase,
  source: string,
): CaseRow {
  return {
    typed,
    searchKey,
    ...row,
    certificateNo: detail?.certificateNo ?? null,
    debtorKeyNo: detail?.judgmentDebtor?.keyNo ?? null,
    debtorName: detail?.judgmentDebtor?.name ?? null,
    detailRetrievedAt: detail?.retrievedAt ?? null,
    detailStale: detail?.stale ?? null,
    detailOrderNumber: detail?.orderNumber ?? null,
    source,
  };
}
