import { GatewayError } from '../errors.js';

/** What a search key is, in the order in which it is tried. */
export type SearchKeyKind = 'KEY_NO' | 'CREDIT_CODE' | 'REGISTRATION_NO' | 'NAME';

/** A search key that QCC would take. */
export interface SearchKey {
  readonly kind: SearchKeyKind;
  /** What is sent. */
  readonly text: string;
}

/** Why QCC would refuse a key, said here at no cost. */
export class SearchKeyError extends GatewayError {
  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

/** Of a company, public body or other organisation, by its first character; p is a natural person. */
const KEY_NO = /^[0-9a-oq-z][0-9a-f]{31}$/;
const PERSON_KEY_NO = /^p[0-9a-f]{31}$/;
const REGISTRATION_NO = /^(\d{13}|\d{15})$/;
const EIGHTEEN = /^[0-9A-Z]{18}$/;
/** Companies' names are far shorter; QCC's field for a name holds 128. */
const MAX_NAME = 200;

/**
 * Tells what a search key is and refuses what QCC would refuse (and bill). Codes are sent in their canonical form, a
 * name as it was typed, but for white space around it.
 *
 * @throws SearchKeyError saying what would be right
 */
export function readSearchKey(typed: string): SearchKey {
  const name = typed.trim();
  if (/[\p{Cc}\p{Cs}]/u.test(name)) {
    throw new SearchKeyError('searchKey holds characters that no company name or code has.');
  }
  const folded = foldWidth(name).trim();
  const upper = folded.toUpperCase();
  if (isCreditCode(upper)) return { kind: 'CREDIT_CODE', text: upper };
  const lower = folded.toLowerCase();
  if (PERSON_KEY_NO.test(lower)) {
    throw new SearchKeyError(
      'searchKey is the KeyNo of a natural person; this API takes companies: a KeyNo without the leading p, a credit code, a registration number or a name.',
    );
  }
  if (isCompanyKeyNo(lower)) return { kind: 'KEY_NO', text: lower };
  if (REGISTRATION_NO.test(folded)) return { kind: 'REGISTRATION_NO', text: folded };
  if (EIGHTEEN.test(upper)) {
    throw new SearchKeyError(
      'searchKey looks like a unified social credit code, but its check characters do not match: look for a mistyped one.',
    );
  }
  const length = [...folded].length;
  if (length < 2) throw new SearchKeyError('searchKey is too short: a name has at least 2 characters.');
  if (length > MAX_NAME) {
    throw new SearchKeyError(`searchKey is too long: a name has at most ${MAX_NAME} characters.`);
  }
  return { kind: 'NAME', text: name };
}

/** Whether a text is the KeyNo of a company or public body, in lower case as QCC gives them; a person's begins with p. */
export function isCompanyKeyNo(text: string): boolean {
  return KEY_NO.test(text);
}

/** The offset between a full-width form and its ASCII character. */
const FULL_WIDTH_OFFSET = 0xfee0;

/** A text with its full-width forms (U+FF01 to U+FF5E) and the ideographic space (U+3000) in half width. */
function foldWidth(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (form) => String.fromCharCode(form.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replaceAll('\u3000', ' ');
}

/**
 * One text for all spellings of a key in width and case. Nothing else is folded: `M²` and `M2` are two companies, as NFKC
 * would have it they were one.
 */
export function foldSearchKey(text: string): string {
  return foldWidth(text).toLowerCase();
}

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_CODE = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;

/**
 * Unified social credit code, 统一社会信用代码: 18 characters, the last a weighted sum modulo 31 (GB 32100-2015), the
 * ninth to the seventeenth an organisation code. Takes upper case only.
 */
export function isCreditCode(text: string): boolean {
  if (!CREDIT_CODE.test(text)) return false;
  let sum = 0;
  let weight = 1;
  for (const character of text.slice(0, 17)) {
    sum += CREDIT_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31] === text[17] && isOrganisationCode(text.slice(8, 17));
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** Organisation code, 组织机构代码: 8 characters and a check modulo 11 (GB 11714), without the hyphen. */
export function isOrganisationCode(text: string): boolean {
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(text)) return false;
  let sum = 0;
  for (const [index, weight] of ORGANISATION_WEIGHTS.entries()) {
    sum += Number.parseInt(text.charAt(index), 36) * weight;
  }
  const check = 11 - (sum % 11);
  return text[8] === (check === 10 ? 'X' : check === 11 ? '0' : String(check));
}

/**
 * Registration number, 工商注册号: 15 digits, the last a check by ISO 7064 MOD 11,10. A wrong check is no reason to
 * refuse one: registers hold such numbers.
 */
export function isRegistrationNo(text: string): boolean {
  if (!/^\d{15}$/.test(text)) return false;
  let product = 10;
  for (const digit of text.slice(0, 14)) {
    const sum = (product + Number(digit)) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return (11 - product) % 10 === Number(text[14]);
}
