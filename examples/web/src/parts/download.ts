import { toCsv } from './csv';

/** Gives the reader a CSV file. */
export function downloadCsv(name: string, rows: readonly (readonly string[])[]): void {
  const url = URL.createObjectURL(new Blob([toCsv(rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replaceAll(/[\\/:*?"<>|\s]+/g, '_').slice(0, 80)}.csv`;
  link.click();
  // The browser has begun to read the file by the next turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(url));
}
