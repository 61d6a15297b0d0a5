const [QUOTE, HASH, BACKSLASH, LINE_BREAK] = [0x22, 0x23, 0x5c, 0x0a];
/** What each bracket adds to the depth, by its character code. */
const STEPS = new Int8Array(128);
for (const bracket of '[({') STEPS[bracket.charCodeAt(0)] = 1;
for (const bracket of '])}') STEPS[bracket.charCodeAt(0)] = -1;

/** Ten times what the document limits allow of selections. */
export const MAX_NESTING = 200;

/**
 * Whether the brackets of a GraphQL document, or of JSON, are nested deeper than `MAX_NESTING`. graphql-js reads and validates
 * them by recursion, as JSON.stringify writes them, and fails on an exhausted stack from about a thousand levels on.
 *
 * It reads each character once: a document may have a megabyte. What is a comment or a block string in GraphQL is no JSON.
 */
export function isNestedTooDeep(document: string): boolean {
  let depth = 0;
  for (let index = 0; index < document.length; index += 1) {
    const code = document.charCodeAt(index);
    if (code === QUOTE) index = endOfString(document, index);
    else if (code === HASH) index = endOfLine(document, index);
    else if (code < STEPS.length) depth += STEPS[code] ?? 0;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}

/** The index of the last character of a string, or of an unterminated one's line. @param start of its quotation mark */
function endOfString(document: string, start: number): number {
  if (document.startsWith('"""', start)) return endOfBlockString(document, start + 3);
  for (let index = start + 1; index < document.length; index += 1) {
    const code = document.charCodeAt(index);
    if (code === QUOTE || code === LINE_BREAK) return index;
    if (code === BACKSLASH) index += 1;
  }
  return document.length;
}

/** @param start index of its first character */
function endOfBlockString(document: string, start: number): number {
  let quotes = document.indexOf('"""', start);
  while (quotes > start && document.charCodeAt(quotes - 1) === BACKSLASH)
    quotes = document.indexOf('"""', quotes + 3);
  return quotes < 0 ? document.length : quotes + 2;
}

function endOfLine(document: string, start: number): number {
  const end = document.indexOf('\n', start);
  return end < 0 ? document.length : end;
}
