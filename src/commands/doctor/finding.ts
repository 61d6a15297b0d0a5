/** What a check found. */
export interface Finding {
  readonly subject:
    | 'configuration'
    | 'store'
    | 'ledger'
    | 'DNS'
    | 'TLS'
    | 'connection'
    | 'clock'
    | 'purchase';
  /** `note`: it works, and the operator may want to know. */
  readonly state: 'ok' | 'note' | 'wrong';
  /** Of something wrong: what is wrong, and what would be right. */
  readonly text: string;
}

export const ok = (subject: Finding['subject'], text: string): Finding => ({ subject, state: 'ok', text });
export const note = (subject: Finding['subject'], text: string): Finding => ({
  subject,
  state: 'note',
  text,
});
export const wrong = (subject: Finding['subject'], text: string): Finding => ({
  subject,
  state: 'wrong',
  text,
});
