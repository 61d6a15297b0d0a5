import { Option } from 'commander';
import { exportLedger, type LedgerFormat } from '../../ledger/export.js';
import type { AddCommand } from '../command.js';
import { addPeriodOptions, type PeriodOptions, periodOf } from './period.js';
import { readLedger } from './read-ledger.js';
import { reconcileFile } from './reconcile-file.js';

/** `ledger`: reads the ledger of the configured store, beside a gateway that may be running. */
export const addLedger: AddCommand = (program) => {
  const ledger = program.command('ledger').description('read the ledger of upstream calls');
  addPeriodOptions(ledger.command('export'))
    .description('print a row for each upstream attempt')
    .addOption(new Option('--format <format>', 'the output format').choices(['csv', 'jsonl']).default('csv'))
    .action(async ({ format, ...options }: PeriodOptions & { format: LedgerFormat }, command) => {
      const period = periodOf(options, command);
      await readLedger((rows) => exportLedger(rows, period, format, process.stdout));
    });
  addPeriodOptions(ledger.command('reconcile'))
    .description("compare the ledger with QCC's invoice, by order number")
    .argument('<file>', 'the invoice as CSV; its column of order numbers is headed OrderNumber or 订单号')
    .addHelpText('after', RECONCILE_HELP)
    .action((file: string, options: PeriodOptions, command) =>
      reconcileFile(file, periodOf(options, command)),
    );
};

const RECONCILE_HELP = `
It prints a line for each difference: its kind, a tab, and the order number.
  invoice       only the invoice has the number
  ledger        only the ledger has the number, and QCC billed the call
  repeated      the invoice has the number more than once; a tab and the count follow
  not-billable  the invoice has the number, and QCC does not bill that call`;
