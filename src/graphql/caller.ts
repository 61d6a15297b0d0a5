/** Scopes that a caller can be granted. Everything that needs no scope is open to every caller. */
export const SCOPES = [
  'endcases:pii',
  'usage:read',
  'federation:sdl',
  'clients:delegate',
  'answers:refresh',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The client that sent a request. */
export interface Caller {
  /** Identifies the client in budgets, rate limits, the ledger, metrics and the log. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Every caller of a gateway without configured authentication. It has all scopes. */
export const ANONYMOUS: Caller = { name: 'anonymous', scopes: new Set(SCOPES) };

/** Whether nothing authenticates a caller. A header may give it another name. */
export function isAnonymous({ scopes }: Caller): boolean {
  return scopes === ANONYMOUS.scopes;
}

/** Whether a name can be used in a store key, a log line and a metric label: 1 to 200 characters, none of them a control or format character, and not blanks only. */
export function isCallerName(text: string): boolean {
  return /^[^\p{C}]{1,200}$/u.test(text) && text.trim() !== '';
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
