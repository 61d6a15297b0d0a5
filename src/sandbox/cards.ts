import type { SandboxRow } from './cases.js';

/** What a request is answered with, where it is not the ordinary way. */
export type Play =
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'refuse-first'; readonly status: string; readonly times: number }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'shape'; readonly shape: Shape }
  | { readonly kind: 'rows'; readonly length: number }
  | { readonly kind: 'detail-card'; readonly card: string };

export type Fault = 'hang' | 'drip' | 'reset' | 'reset-midway' | 'truncated' | 'html' | 'huge' | 'gzip-bomb';
export type Shape = 'numeric-status' | 'wrong-shape' | 'null-result' | 'no-paging' | 'odd-values';

/** A key that gives one outcome on purpose, as a payment provider's test cards do. */
export interface Card {
  /** What to search for, or to ask the detail of; the last part stands for any. */
  readonly example: string;
  readonly gives: string;
  readonly pattern: RegExp;
  play(parameter: string): Play;
}

const fault = (name: Fault, gives: string): Card => ({
  example: `sandbox:${name}`,
  gives,
  pattern: new RegExp(`^sandbox:${name}$`),
  play: () => ({ kind: 'fault', fault: name }),
});
const shape = (name: Shape, gives: string): Card => ({
  example: `sandbox:${name}`,
  gives,
  pattern: new RegExp(`^sandbox:${name}$`),
  play: () => ({ kind: 'shape', shape: name }),
});
const refuseFirst = (name: string, status: string, times: number): Card => ({
  example: `sandbox:${name}`,
  gives: `status ${status} ${times === 1 ? 'once' : 'twice'}, then data`,
  pattern: new RegExp(`^sandbox:${name}$`),
  play: () => ({ kind: 'refuse-first', status, times }),
});

/** Every card. Those that need a parameter take it after the last colon. */
export const cards: readonly Card[] = [
  {
    example: 'sandbox:status:112',
    gives: 'that status: any three digits, in the document or not; 200 is data',
    pattern: /^sandbox:status:(\d{3})$/,
    play: (status) => ({ kind: 'status', status }),
  },
  {
    example: 'sandbox:rows:4321',
    gives: 'a company with so many cases, up to 1,000,000',
    // A seed has 20 bits for the length.
    pattern: /^sandbox:rows:(\d{1,6}|1000000)$/,
    play: (length) => ({ kind: 'rows', length: Number(length) }),
  },
  {
    example: 'sandbox:details:status:203',
    gives: 'three cases, the second of which has the id `sandbox:status:203`: any card after `details:`',
    pattern: /^sandbox:details:(.{1,28})$/,
    play: (card) => ({ kind: 'detail-card', card: `sandbox:${card}` }),
  },
  refuseFirst('busy-once', '120', 1),
  refuseFirst('busy-twice', '120', 2),
  refuseFirst('failure-once', '199', 1),
  {
    example: 'sandbox:slow:1500',
    gives: 'data after so many milliseconds',
    pattern: /^sandbox:slow:(\d{1,5})$/,
    play: (milliseconds) => ({ kind: 'slow', milliseconds: Number(milliseconds) }),
  },
  {
    example: 'sandbox:http:503',
    gives: 'that HTTP status with a JSON body; a 3xx with a `Location`',
    pattern: /^sandbox:http:([2-5]\d\d)$/,
    play: (status) => ({ kind: 'http', status: Number(status) }),
  },
  fault('hang', 'no answer, ever'),
  fault('drip', 'a body that comes a byte at a time and never ends'),
  fault('reset', 'the connection reset once the request is read'),
  fault('reset-midway', 'the connection reset in the middle of the body'),
  fault('truncated', 'JSON that breaks off'),
  fault('html', 'an HTML page with HTTP 200'),
  fault('huge', 'a body of 3 MB'),
  fault('gzip-bomb', 'a small gzip body that unpacks to 100 MB'),
  shape('numeric-status', 'data, with `Status` a number'),
  shape('wrong-shape', 'status 200 and a `Result` that is a text'),
  shape('null-result', 'status 200 and no `Result`'),
  shape('no-paging', 'data without `Paging`'),
  shape('odd-values', 'amounts and dates that cannot be read, are empty, or are written oddly'),
];

/** What a search key or id plays; undefined for an ordinary one. */
export function playOf(text: string): Play | undefined {
  for (const card of cards) {
    const match = card.pattern.exec(text);
    if (match) return card.play(match[1] ?? '');
  }
  return undefined;
}

/** The card whose list holds a card as the id of its second case. */
export function listCardOf(card: string): string {
  return card.replace(/^sandbox:/, 'sandbox:details:');
}

const plain = (index: number, odd: Partial<SandboxRow>): SandboxRow => ({
  Id: `odd${index}`.padEnd(32, '0'),
  CaseNo: `（2020）浙1082执${index}号`,
  Court: '临海市人民法院',
  EndDate: '2021-03-01',
  LianDate: '2020-05-06',
  ExecuteSubject: '1000',
  UnperformedAmt: '1000',
  ...odd,
});

/** Rows with every oddity that the field has shown, and two values that nobody can read. */
export const oddRows: readonly SandboxRow[] = [
  plain(1, { ExecuteSubject: '约三百万元', UnperformedAmt: '1.799E+7' }),
  plain(2, { LianDate: '二〇二〇年春', EndDate: '2021-03-01T00:00:00+08:00' }),
  plain(3, { ExecuteSubject: '—', UnperformedAmt: '' }),
  plain(4, { LianDate: '0001-01-01T00:00:00', EndDate: '1970-01-18' }),
  plain(5, { CaseNo: null, Court: '', ExecuteSubject: null, UnperformedAmt: '251198.34' }),
];
