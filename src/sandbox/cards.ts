/** What a card makes the sandbox answer. */
export type Outcome =
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'refuse-first'; readonly status: string; readonly times: number }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'shape'; readonly shape: Shape }
  | { readonly kind: 'rows'; readonly count: number }
  | { readonly kind: 'detail-card'; readonly card: string }
  | { readonly kind: 'list'; readonly oddity: ListOddity };

export type Fault = 'hang' | 'drip' | 'reset' | 'reset-midway' | 'truncated' | 'html' | 'huge' | 'gzip-bomb';
/** How a list is unusual. */
export type ListOddity = 'overcount' | 'contradiction' | 'clamped' | 'no-id';
export type Shape = 'numeric-status' | 'wrong-shape' | 'null-result' | 'no-paging' | 'odd-values';

/** A search key or case id that always gives one particular outcome, like a payment provider's test cards. */
export interface Card {
  /** A text that matches the pattern. */
  readonly example: string;
  /** The outcome, as docs/sandbox.md describes it. */
  readonly gives: string;
  /** Its first group, if any, is the parameter of the card. */
  readonly pattern: RegExp;
  outcome(parameter: string): Outcome;
}

const plainCard = (name: string, gives: string, outcome: Outcome): Card => ({
  example: `sandbox:${name}`,
  gives,
  pattern: new RegExp(`^sandbox:${name}$`),
  outcome: () => outcome,
});
const fault = (name: Fault, gives: string) => plainCard(name, gives, { kind: 'fault', fault: name });
const shape = (name: Shape, gives: string) => plainCard(name, gives, { kind: 'shape', shape: name });
const oddList = (oddity: ListOddity, gives: string) => plainCard(oddity, gives, { kind: 'list', oddity });
const refuseFirst = (name: string, status: string, times: 1 | 2) =>
  plainCard(name, `status ${status} ${times === 1 ? 'once' : 'twice'}, then data`, {
    kind: 'refuse-first',
    status,
    times,
  });

/** Every card. A parameter follows the last colon. */
export const cards: readonly Card[] = [
  {
    example: 'sandbox:status:112',
    gives: 'the given status: any three digits; 200 gives data',
    pattern: /^sandbox:status:(\d{3})$/,
    outcome: (status) => ({ kind: 'status', status }),
  },
  {
    example: 'sandbox:rows:4321',
    gives: 'a company with the given number of cases, up to 1,000,000',
    // A seed has 20 bits for the number of cases.
    pattern: /^sandbox:rows:(\d{1,6}|1000000)$/,
    outcome: (count) => ({ kind: 'rows', count: Number(count) }),
  },
  {
    example: 'sandbox:details:status:203',
    gives: 'three cases; the second has the id `sandbox:status:203`. Any card can follow `details:`',
    // A case id has at most 36 characters, 8 of them `sandbox:`.
    pattern: /^sandbox:details:(.{1,28})$/,
    outcome: (card) => ({ kind: 'detail-card', card: `sandbox:${card}` }),
  },
  refuseFirst('busy-once', '120', 1),
  refuseFirst('busy-twice', '120', 2),
  refuseFirst('failure-once', '199', 1),
  {
    example: 'sandbox:slow:1500',
    gives: 'data after the given number of milliseconds',
    pattern: /^sandbox:slow:(\d{1,5})$/,
    outcome: (milliseconds) => ({ kind: 'slow', milliseconds: Number(milliseconds) }),
  },
  {
    example: 'sandbox:http:503',
    gives: 'the given HTTP status with a JSON body; a 3xx also has a `Location`',
    pattern: /^sandbox:http:([2-5]\d\d)$/,
    outcome: (status) => ({ kind: 'http', status: Number(status) }),
  },
  fault('hang', 'no answer; the connection stays open'),
  fault('drip', 'a body that arrives one byte at a time and never ends'),
  fault('reset', 'a connection reset after the request was read'),
  fault('reset-midway', 'a connection reset in the middle of the body'),
  fault('truncated', 'truncated JSON'),
  fault('html', 'an HTML page with HTTP 200'),
  fault('huge', 'a body of 3 MB'),
  fault('gzip-bomb', 'a small gzip body that decompresses to 100 MB'),
  shape('numeric-status', 'data, with a number as `Status`'),
  shape('wrong-shape', 'status 200, with a string as `Result`'),
  shape('null-result', 'status 200, with null as `Result`'),
  shape('no-paging', 'data without `Paging`'),
  shape('odd-values', 'amounts and dates that are unreadable, empty or in an unusual format'),
  oddList('overcount', '20 cases, with a total of 21'),
  oddList('contradiction', '25 cases, with a total of 25 on page 1 and of 24 on page 2'),
  oddList('clamped', '25 cases; past their end, the last page'),
  oddList('no-id', '25 cases, of which the second has no `Id`'),
];

/** The outcome of a search key or case id that is a card; undefined for any other. */
export function outcomeOf(text: string): Outcome | undefined {
  for (const card of cards) {
    const match = card.pattern.exec(text);
    if (match) return card.outcome(match[1] ?? '');
  }
  return undefined;
}

/** The card that a call asks for; undefined: none. */
export function cardIn({ searchKey, id }: Readonly<Record<string, string>>): string | undefined {
  const subject = searchKey ?? id;
  return subject !== undefined && outcomeOf(subject) ? subject : undefined;
}

/** The search key whose list has the given card as the id of its second case. */
export function listCardOf(card: string): string {
  return card.replace(/^sandbox:/, 'sandbox:details:');
}
