import type { RowFormat } from './output/row-file.js';

/** The options of the command, read. */
export interface ScreenOptions {
  readonly column?: string;
  readonly cases?: true;
  readonly details?: true;
  readonly maxCalls?: number;
  /** An instant, in milliseconds since 1970. */
  readonly maxAge?: number;
  readonly out?: string;
  readonly format: RowFormat;
  readonly url?: string;
  readonly keyFile?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** The command line that resumes a screen. An age becomes an instant, so that it counts from the first start. */
export function resumptionOf(file: string, options: ScreenOptions): string {
  const { column, cases, details, maxCalls, maxAge, out, format, url, keyFile, yes } = options;
  const named: readonly (readonly [option: string, value: string | undefined])[] = [
    ['--column', column],
    ['--max-calls', maxCalls?.toString()],
    ['--max-age', maxAge === undefined ? undefined : new Date(maxAge).toISOString()],
    ['--out', out],
    ['--format', format === 'csv' ? undefined : format],
    ['--url', url],
    ['--key-file', keyFile],
  ];
  const flags = [cases && '--cases', details && '--details', yes && '--yes'].filter(
    (flag) => flag !== undefined,
  );
  const values = named.flatMap(([option, value]) => (value === undefined ? [] : [option, quoted(value)]));
  return ['endcase-gateway screen', quoted(file), ...values, ...flags].join(' ');
}

/** A word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
