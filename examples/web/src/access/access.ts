import { createStore } from '../store';

const STORED = 'endcase-key';

/** Whether the reader has signed in, and why the page asks for a key. */
export interface Access {
  readonly key: string | undefined;
  /** `missing`: the gateway wants a key. `refused`: it does not know this one. */
  readonly asked: 'missing' | 'refused' | undefined;
}

/** The key is in memory, and in `sessionStorage` if the reader chose so. It is never part of an address. */
export const access = createStore<Access>({
  key: sessionStorage.getItem(STORED) ?? undefined,
  asked: undefined,
});

export function signIn(key: string, remember: boolean): void {
  if (remember) sessionStorage.setItem(STORED, key);
  else sessionStorage.removeItem(STORED);
  access.set({ key, asked: undefined });
}

/** Forgets the key and everything that the page has shown. */
export function signOut(): void {
  sessionStorage.clear();
  location.reload();
}

/** Opens the sign-in dialog, because the gateway answered 401. */
export function askForKey(): void {
  const { key } = access.get();
  access.set({ key, asked: key === undefined ? 'missing' : 'refused' });
}

/** Closes the sign-in dialog. */
export function stopAsking(): void {
  access.set({ ...access.get(), asked: undefined });
}

/** What a header can carry: visible ASCII characters. */
export const isPossibleKey = (text: string) => /^[\x21-\x7e]+$/.test(text);
