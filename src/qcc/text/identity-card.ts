/** The form of a number, anywhere in a text: its check may fail. */
export const IDENTITY_CARD_FORM =
  /[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]/;
const WHOLE = new RegExp(`^${IDENTITY_CARD_FORM.source}$`);
const CHECK_CHARACTERS = '10X98765432';

/**
 * Resident identity-card number, 公民身份号码: six digits of a place, the day of birth, three digits, and a check by
 * ISO 7064 MOD 11-2 (GB 11643). Takes upper case only.
 */
export function isIdentityCardNo(text: string): boolean {
  if (!WHOLE.test(text)) return false;
  let sum = 0;
  for (const [index, digit] of [...text.slice(0, 17)].entries())
    sum += Number(digit) * (2 ** (17 - index) % 11);
  return CHECK_CHARACTERS[sum % 11] === text[17];
}
