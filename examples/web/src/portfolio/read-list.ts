/** Rows of cells. A list with one company a line has one column. */
export type Cells = readonly (readonly string[])[];

/** Titles of a column that has companies. */
const TITLES = new Set(
  [
    '企业名称',
    '公司名称',
    '单位名称',
    '客户名称',
    '公司',
    '企业',
    '名称',
    '统一社会信用代码',
    '注册号',
    'KeyNo',
    'searchKey',
    'company',
    'company name',
    'name',
    'credit code',
  ].map((title) => title.toLowerCase()),
);

/** Decodes a file: UTF-16 with a BOM, UTF-8, else GB18030, which holds GBK. Undefined if it is no text. */
export function decodeFile(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** The cells of a text whose fields are parted by a character and may stand in quotes (RFC 4180). */
function parseFields(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endField = () => {
    row.push(field.trim());
    field = '';
  };
  const endRow = () => {
    endField();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') field += text[at++];
      else isQuoted = false;
    } else if (character === '"' && field.trim() === '') {
      isQuoted = true;
      field = '';
    } else if (character === separator) endField();
    else if (character === '\n') endRow();
    else field += character;
  }
  endRow();
  return rows;
}

/** Reads a pasted or decoded list: a table from a spreadsheet, CSV, or one company a line. */
export function readList(text: string): Cells {
  const lines = text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n');
  for (const separator of ['\t', ',', ';']) {
    const rows = parseFields(lines, separator);
    if (isTable(rows.filter((row) => row.some((cell) => cell !== '')))) return rows;
  }
  // A comma in a name does not part it: without columns, a line is one company.
  return lines.split('\n').map((line) => [line.trim().replace(/^"(.*)"$/, '$1')]);
}

/** Several columns, as many in each row, or with a title that is known. */
function isTable([head, ...rows]: readonly (readonly string[])[]): boolean {
  if (head === undefined || head.length < 2) return false;
  return titledColumn(head) !== -1 || (rows.length > 0 && rows.every((row) => row.length === head.length));
}

const titledColumn = (head: readonly string[]) => head.findIndex((cell) => TITLES.has(cell.toLowerCase()));

/** The column that has the companies, and whether the first row has titles. */
export function guessColumn([head = []]: Cells): { column: number; hasTitles: boolean } {
  const column = titledColumn(head);
  return { column: Math.max(0, column), hasTitles: column !== -1 };
}

/** A row of the list that names a company. */
export interface Listed {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly typed: string;
}

/** The companies in a column; empty cells are skipped. */
export function listedIn(cells: Cells, column: number, hasTitles: boolean): Listed[] {
  return cells
    .map((row, index) => ({ line: index + 1, typed: row[column] ?? '' }))
    .filter(({ line, typed }) => typed !== '' && !(hasTitles && line === 1));
}
