import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Whether a question can be asked on a terminal. @param file what the command reads; `-` takes standard input */
export function isInteractive(file: string): boolean {
  return file !== '-' && process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on the terminal. Only `y` and `yes` are a yes; the end of the input and an abort are a no. */
export async function confirmOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  // Without `terminal`, so that Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = new AbortController();
  try {
    const answer = await Promise.race([
      lines.question(question, { signal }),
      once(lines, 'close', { signal: ended.signal }).then(() => ''),
    ]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    ended.abort();
    lines.close();
  }
}
