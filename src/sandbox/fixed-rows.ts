/** A row of GetList, with the document's field names in the document's order (6.3.1). */
export interface SandboxRow {
  readonly Id: string;
  readonly CaseNo: string | null;
  readonly Court: string | null;
  readonly EndDate: string | null;
  readonly LianDate: string | null;
  readonly ExecuteSubject: string | null;
  readonly UnperformedAmt: string | null;
}

/** The rows that the document shows (6.3.1), the newest first. */
export const sampleRows: readonly SandboxRow[] = [
  {
    Id: '68d0c45d6ce6115c340e31674b45cd62',
    CaseNo: '(2018)浙1082执2303号',
    Court: '临海市人民法院',
    EndDate: '2019-07-25',
    LianDate: '2018-07-03',
    ExecuteSubject: '1000000',
    UnperformedAmt: '562781',
  },
  {
    Id: 'f0a872a32391a3e76ba1bb5867a846b3',
    CaseNo: '(2019)浙1082执1025号',
    Court: '临海市人民法院',
    EndDate: '2019-07-24',
    LianDate: '2019-02-26',
    ExecuteSubject: '55000',
    UnperformedAmt: '55000',
  },
];

/** A row with ordinary values, except for those given. */
const ordinaryRow = (number: number, unusual: Partial<SandboxRow>): SandboxRow => ({
  Id: `odd${number}`.padEnd(32, '0'),
  CaseNo: `（2020）浙1082执${number}号`,
  Court: '临海市人民法院',
  EndDate: '2021-03-01',
  LianDate: '2020-05-06',
  ExecuteSubject: '1000',
  UnperformedAmt: '1000',
  ...unusual,
});

/** Rows with every unusual value seen in QCC's answers, and two values that cannot be read. */
export const oddRows: readonly SandboxRow[] = [
  ordinaryRow(1, { ExecuteSubject: '约三百万元', UnperformedAmt: '1.799E+7' }),
  ordinaryRow(2, { LianDate: '二〇二〇年春', EndDate: '2021-03-01T00:00:00+08:00' }),
  ordinaryRow(3, { ExecuteSubject: '—', UnperformedAmt: '' }),
  ordinaryRow(4, { LianDate: '0001-01-01T00:00:00', EndDate: '1970-01-18' }),
  ordinaryRow(5, { CaseNo: null, Court: '', ExecuteSubject: null, UnperformedAmt: '251198.34' }),
];
