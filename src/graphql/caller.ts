/** What a caller may do beside reading. */
export const SCOPES = ['endcases:pii', 'usage:read', 'federation:sdl', 'clients:delegate'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export interface Caller {
  /** Names the client for budgets, limits, the ledger, metrics and the log. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Whoever asks a gateway that asks nobody who they are: they may all. */
export const ANONYMOUS: Caller = { name: 'anonymous', scopes: new Set(SCOPES) };

/** A name that can stand in a key, a log line and a metric's label. */
export function isCallerName(text: string): boolean {
  return /^[^\p{C}]{1,200}$/u.test(text);
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
