/** Why a row of a list is no company, as far as the page can tell. The gateway alone decides that it is none. */
export type InvalidReason = 'code' | 'person' | 'short' | 'long' | 'damaged' | 'other';

const MAX_LENGTH = 200;
const DAMAGED = /[\ufffd\p{Cc}]/u;
const PERSON_KEY_NO = /^p[0-9a-f]{31}$/;
/** Six digits of a place, a day of birth, three digits and a check. */
const IDENTITY_CARD = /^[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])[0-3]\d{4}[\dx]$/;
const EIGHTEEN = /^[0-9a-z]{18}$/;

export function reasonOf(typed: string): InvalidReason {
  const code = typed.replaceAll(/\s/g, '').toLowerCase();
  if (typed.length > MAX_LENGTH) return 'long';
  if (DAMAGED.test(typed)) return 'damaged';
  if (code.length < 2) return 'short';
  if (PERSON_KEY_NO.test(code) || IDENTITY_CARD.test(code)) return 'person';
  return EIGHTEEN.test(code) ? 'code' : 'other';
}
