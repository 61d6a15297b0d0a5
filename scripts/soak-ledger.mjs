import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SANDBOX_CREDENTIALS } from '../dist/sandbox/server.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const MAX_OUTPUT = 1024 ** 3;

/**
 * Compares the ledger with what the upstream counted.
 *
 * @param run.usage the total of `usage` for the day
 * @param run.billedNumbers the order numbers of the calls that the upstream bills
 * @param run.calls the calls that the upstream saw
 * @param run.maxLost calls that killed processes may have written down and not sent
 */
export async function checkLedger({ env, usage, billedNumbers, calls, maxLost }) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [MAIN, 'ledger', 'export', '--format', 'jsonl'],
    {
      env: {
        PATH: process.env.PATH,
        QCC_KEY: SANDBOX_CREDENTIALS.key,
        QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
        ...env,
      },
      maxBuffer: MAX_OUTPUT,
    },
  );
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const count = (billed) => rows.filter((row) => row.billed === billed).length;
  const recorded = new Set(rows.flatMap(({ orderNumber }) => orderNumber ?? []));
  const unrecorded = billedNumbers.filter((number) => !recorded.has(number)).length;
  const [yes, maybe] = [count('yes'), count('maybe')];
  const faults = [];
  if (rows.length < calls || rows.length > calls + maxLost) {
    faults.push(`the ledger has ${rows.length} rows, and the upstream saw ${calls} calls`);
  }
  if (unrecorded > maybe) faults.push(`${unrecorded} billed calls are not recorded, and ${maybe} may be`);
  if (billedNumbers.length !== yes + unrecorded) {
    faults.push(`the ledger has ${yes} billed rows, and the upstream billed ${billedNumbers.length}`);
  }
  if (!usage || usage.calls !== rows.length || usage.billed !== yes || usage.maybeBilled !== maybe) {
    faults.push(`usage ${JSON.stringify(usage)} differs from the ledger's ${rows.length}, ${yes}, ${maybe}`);
  }
  for (const fault of faults) console.error('LEDGER', fault);
  /** How often each answer may have been billed without anyone receiving it, by method and subject. */
  const maybes = new Map();
  for (const { billed, method, subject } of rows) {
    if (billed !== 'maybe') continue;
    const answer = `${method} ${subject}`;
    maybes.set(answer, (maybes.get(answer) ?? 0) + 1);
  }
  const summary = { rows: rows.length, yes, maybe, billedUpstream: billedNumbers.length, unrecorded, faults };
  return { summary, maybes };
}
