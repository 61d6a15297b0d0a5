/**
 * Characters without a shape: format characters such as zero-width spaces, direction marks and the byte order mark, and
 * whatever else Unicode says to ignore (UAX #44, Default_Ignorable_Code_Point). Pages and dialogs leave them in copied text.
 */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Control characters, halves of a surrogate pair, and U+FFFD, which replaces bytes that were not text. */
const DAMAGED = /[\p{Cc}\p{Cs}\ufffd]/u;
/** Names of clients and operations are kept up to this number of characters. */
const MAX_NAME_LENGTH = 200;
/** A character beyond U+FFFF has a length of 2. */
const MAX_CHARACTER_LENGTH = 2;

/**
 * A text without invisible characters and outer white space. Undefined if it has more than `max` characters: this is
 * checked first, because the rest takes time in proportion to the length.
 */
export function readTyped(typed: string, max: number): string | undefined {
  if (typed.length > max * MAX_CHARACTER_LENGTH) return undefined;
  const text = typed.replaceAll(INVISIBLE, '').trim();
  return [...text].length > max ? undefined : text;
}

/** Whether a text has characters that no name and no code has: it was damaged on its way. */
export function isDamaged(text: string): boolean {
  return DAMAGED.test(text);
}

/** A name as it is kept: a longer one is cut, between two characters. */
export function cutName(name: string): string {
  if (name.length <= MAX_NAME_LENGTH) return name;
  return [...name.slice(0, MAX_NAME_LENGTH * MAX_CHARACTER_LENGTH)].slice(0, MAX_NAME_LENGTH).join('');
}
