import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Config } from '../config/config.js';
import { storeSettings } from '../config/store-settings.js';
import { exportLedger } from '../ledger/export.js';
import { Ledger } from '../ledger/ledger.js';
import { reconcile } from '../ledger/reconcile.js';
import { startOfDay } from '../qcc/day.js';
import { openStore } from '../store/open-store.js';

const DAY = 86_400_000;
const USAGE = `usage: endcase-gateway ledger export [--from DAY] [--to DAY] [--format csv|jsonl]
       endcase-gateway ledger reconcile INVOICE.csv [--from DAY] [--to DAY]`;

/** Reads the ledger that this configuration keeps, beside a gateway that may be running. */
export async function ledgerCommand(args: string[], config: Config): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { from: { type: 'string' }, to: { type: 'string' }, format: { type: 'string', default: 'csv' } },
  });
  const [verb, file, ...more] = positionals;
  const period = { from: readFrom(values.from), to: readTo(values.to) };
  if (verb === 'export' && file === undefined) {
    const { format } = values;
    if (format !== 'csv' && format !== 'jsonl') throw new TypeError('--format must be csv or jsonl');
    return withLedger(config, (ledger) => exportLedger(ledger, period, format, process.stdout));
  }
  if (verb !== 'reconcile' || file === undefined || more.length > 0) throw new TypeError(USAGE);
  await withLedger(config, async (ledger) => {
    const { invoiceOnly, ledgerOnly, matched } = await reconcile(ledger, period, createReadStream(file));
    for (const number of invoiceOnly) process.stdout.write(`invoice\t${number}\n`);
    for (const number of ledgerOnly) process.stdout.write(`ledger\t${number}\n`);
    console.error(
      `${matched} order numbers on both sides, ${invoiceOnly.length} on the invoice only, ${ledgerOnly.length} in the ledger only`,
    );
  });
}

async function withLedger(config: Config, work: (ledger: Ledger) => Promise<void>): Promise<void> {
  const report = (what: string, error: unknown) => {
    console.error(`endcase-gateway: ${what}${error instanceof Error ? `: ${error.message}` : ''}`);
  };
  const store = await openStore(storeSettings(config, Date.now, report));
  try {
    await work(new Ledger(store, report));
  } finally {
    await store.close();
  }
}

const IS_DAY = /^\d{4}-\d{2}-\d{2}$/;

function readFrom(text: string | undefined): number {
  return text === undefined ? 0 : momentOf('--from', text);
}

/** A day counts whole. */
function readTo(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  return momentOf('--to', text) + (IS_DAY.test(text) ? DAY : 0);
}

function momentOf(option: string, text: string): number {
  const moment = Date.parse(IS_DAY.test(text) ? `${text}T00:00:00+08:00` : text);
  if (Number.isNaN(moment)) {
    throw new TypeError(
      `${option} must be a day such as 2026-11-24 (Asia/Shanghai), or a time such as 2026-11-24T08:00:00Z`,
    );
  }
  return IS_DAY.test(text) ? startOfDay(moment) : moment;
}
