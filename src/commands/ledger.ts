import { type FileHandle, open } from 'node:fs/promises';
import { Option } from 'commander';
import { CsvError } from 'csv-parse';
import { parseConfig } from '../config/config.js';
import { storeSettings } from '../config/store-settings.js';
import { exportLedger, type LedgerFormat } from '../ledger/export.js';
import { Ledger } from '../ledger/ledger.js';
import { reconcile } from '../ledger/reconcile.js';
import { openStore } from '../store/open-store.js';
import { type AddCommand, EXIT_CODES } from './command.js';
import { assertWritableFolder, reasonOf } from './environment-faults.js';
import { addPeriodOptions, type Period, type PeriodOptions, periodOf } from './period.js';

/** `ledger`: reads the ledger of the configured store, beside a gateway that may be running. */
export const addLedger: AddCommand = (program) => {
  const ledger = program.command('ledger').description('read the ledger of upstream calls');
  addPeriodOptions(ledger.command('export'))
    .description('print a row for each upstream attempt')
    .addOption(new Option('--format <format>', 'the output format').choices(['csv', 'jsonl']).default('csv'))
    .action(async ({ format, ...options }: PeriodOptions & { format: LedgerFormat }, command) => {
      const period = periodOf(options, command);
      await withLedger((rows) => exportLedger(rows, period, format, process.stdout));
    });
  addPeriodOptions(ledger.command('reconcile'))
    .description("compare the ledger with QCC's invoice, by order number")
    .argument('<file>', 'the invoice as CSV; its column of order numbers is headed OrderNumber or 订单号')
    .action((file: string, options: PeriodOptions, command) =>
      reconcileFile(file, periodOf(options, command)),
    );
};

/** Prints the order numbers that are on one side only, and a summary on standard error. */
async function reconcileFile(path: string, period: Period): Promise<void> {
  const invoice = await openFile(path);
  const { invoiceOnly, ledgerOnly, matched } = await withLedger((ledger) =>
    reconcile(ledger, period, invoice.createReadStream()),
  ).catch((error: unknown) => {
    throw error instanceof CsvError ? new Error(`${path} must be a CSV file: ${error.message}`) : error;
  });
  for (const number of invoiceOnly) process.stdout.write(`invoice\t${number}\n`);
  for (const number of ledgerOnly) process.stdout.write(`ledger\t${number}\n`);
  console.error(
    `${matched} order numbers on both sides, ${invoiceOnly.length} on the invoice only, ${ledgerOnly.length} in the ledger only`,
  );
  if (invoiceOnly.length + ledgerOnly.length > 0) process.exitCode = EXIT_CODES.findings;
}

/** @throws Error if the path is a directory, or no file that can be read */
async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path).catch((error: unknown) => {
    throw new Error(`${path} must be a file that can be read: ${reasonOf(error)}`);
  });
  if (!(await file.stat()).isDirectory()) return file;
  await file.close();
  throw new Error(`${path} must be a file, and is a directory`);
}

async function withLedger<T>(work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env);
  assertWritableFolder('DATA_DIR', config.dataDir);
  const report = (message: string, error: unknown) => {
    console.error(`endcase-gateway: ${message}${error === undefined ? '' : `: ${reasonOf(error)}`}`);
  };
  const store = await openStore(storeSettings(config, Date.now, report));
  try {
    return await work(new Ledger(store.journal, config.ledgerRetention, report));
  } finally {
    await store.close();
  }
}
