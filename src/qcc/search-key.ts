import { GatewayError } from '../errors.js';
import { isIdentityCardNo } from './text/identity-card.js';
import { isDamaged, readTyped } from './text/typed-text.js';

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
const KEY_NO_LENGTH = 32;
const PERSON_KEY_NO = /^p[0-9a-f]{31}$/;
const REGISTRATION_NO = /^(\d{13}|\d{15})$/;
const EIGHTEEN = /^[0-9A-Z]{18}$/;
/** Between blanks, 18 letters are a name; with the six digits of a place they are a code. */
const SPACED_CREDIT_CODE = /^[0-9A-Z]{2}\d{6}[0-9A-Z]{10}$/;
/** Companies' names are far shorter; QCC's field for a name holds 128. */
const MAX_LENGTH = 200;

/**
 * Tells what a search key is and refuses what QCC would refuse (and bill). Invisible characters and outer white space
 * count for nothing. Codes may have blanks inside and are sent in their canonical form; a name is sent as it was typed.
 *
 * @throws SearchKeyError saying what would be right
 */
export function readSearchKey(typed: string): SearchKey {
  const name = readTyped(typed, MAX_LENGTH);
  if (name === undefined) {
    throw new SearchKeyError(`searchKey is too long: it may have at most ${MAX_LENGTH} characters.`);
  }
  assertReadable(name);
  return readCode(name) ?? { kind: 'NAME', text: name };
}

/** @throws SearchKeyError if a text is neither a name nor a code */
function assertReadable(name: string): void {
  if ([...name].length < 2) {
    throw new SearchKeyError('searchKey is too short: a name has at least 2 characters.');
  }
  if (isDamaged(name)) {
    throw new SearchKeyError(
      'searchKey holds characters that no company name or code has: control characters, or U+FFFD from a wrong decoding. Send the text in UTF-8.',
    );
  }
  if (!/[\p{L}\p{N}]/u.test(name)) {
    throw new SearchKeyError(
      'searchKey has no letter or digit, so it is neither a name nor a code. If question marks replaced its characters, send the text in UTF-8.',
    );
  }
}

/** Undefined if the text is a name. @throws SearchKeyError if it is a code that QCC would refuse */
function readCode(name: string): SearchKey | undefined {
  const spaced = foldWidth(name);
  const upper = spaced.replaceAll(/\s/g, '').toUpperCase();
  if (isCreditCode(upper)) return { kind: 'CREDIT_CODE', text: upper };
  const lower = upper.toLowerCase();
  if (PERSON_KEY_NO.test(lower)) {
    throw new SearchKeyError(
      `searchKey is the KeyNo of a natural person, which begins with p. ${COMPANIES_ONLY}`,
    );
  }
  const keyNo = readCompanyKeyNo(lower);
  if (keyNo !== undefined) return { kind: 'KEY_NO', text: keyNo };
  if (REGISTRATION_NO.test(upper)) return { kind: 'REGISTRATION_NO', text: upper };
  if (isIdentityCardNo(upper)) {
    throw new SearchKeyError(`searchKey looks like the identity-card number of a person. ${COMPANIES_ONLY}`);
  }
  if ((/\s/.test(spaced) ? SPACED_CREDIT_CODE : EIGHTEEN).test(upper)) {
    throw new SearchKeyError(
      'searchKey looks like a unified social credit code, but its check characters do not match: look for a mistyped one. If the code is right, send the name or the KeyNo of the company instead.',
    );
  }
  return undefined;
}

const COMPANIES_ONLY =
  'Only companies can be looked up: send the name, KeyNo, credit code or registration number of a company.';

/**
 * The KeyNo of a company or public body in lower case, as QCC gives them. Undefined if the text is none: 32 characters, a
 * digit or letter but p, which marks a natural person, and 31 hexadecimal digits.
 */
export function readCompanyKeyNo(text: string): string | undefined {
  const lower = text.length === KEY_NO_LENGTH ? text.toLowerCase() : '';
  return KEY_NO.test(lower) ? lower : undefined;
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
