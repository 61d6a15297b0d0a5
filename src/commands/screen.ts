import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { duration } from '../config/values.js';
import { GraphClient } from '../screen/ask/graph-client.js';
import { confirmOnTerminal, isInteractive } from '../screen/confirm.js';
import { ScreenUsageError } from '../screen/errors.js';
import { readCompanyList } from '../screen/list/company-list.js';
import { resumptionOf, type ScreenOptions } from '../screen/resumption.js';
import { screen } from '../screen/screen.js';
import type { ScreenEnd } from '../screen/screen-settings.js';
import { Stop } from '../screen/stop.js';
import { type AddCommand, EXIT_CODES } from './command.js';
import { reasonOf } from './environment-faults.js';
import { connectToGateway } from './screen-gateway.js';

const END_CODES: Readonly<Record<ScreenEnd, number>> = {
  done: 0,
  declined: 0,
  findings: EXIT_CODES.findings,
  limit: EXIT_CODES.limit,
  interrupted: EXIT_CODES.interrupted,
};

/** `screen`: a list of companies to one row a company. */
export const addScreen: AddCommand = (program, onService) => {
  program
    .command('screen')
    .description('look up a list of companies and write one row for each')
    .argument(
      '<file>',
      'the list: CSV, TSV or one company a line, in UTF-8, UTF-16 or GBK; - is standard input',
    )
    .option('--column <name>', 'the header of the column that holds the companies')
    .option('--cases', 'read every case, and write the cases to OUT.cases.csv')
    .option('--details', 'also read the detail of every case')
    .option('--max-calls <number>', 'stop before more calls than this are billed', readCalls)
    .option(
      '--max-age <age>',
      'buy answers again that are older than a duration such as 12h, or than a time',
      readAge,
    )
    .option('--out <file>', 'write to this file; its name ends in .part until it is complete')
    .addOption(new Option('--format <format>', 'the output format').choices(['csv', 'jsonl']).default('csv'))
    .option('--url <url>', 'the GraphQL endpoint of a running gateway; without it, the command starts one')
    .option('--key-file <file>', 'the file with the API key for --url; by default GATEWAY_KEY holds the key')
    .option('--dry-run', 'show what it may bill, and buy nothing')
    .option('--yes', 'buy without asking')
    .addHelpText('after', '\nEnvironment variables configure the gateway, as with serve.')
    .action(async (file: string, options: ScreenOptions, command: Command) => {
      assertOptions(file, options, command);
      const stop = new Stop();
      const running = runScreen(file, options, stop);
      onService({
        isTask: true,
        report: async (message, error) => {
          console.error(`endcase-gateway: ${message}: ${reasonOf(error)}`);
        },
        close: async () => {
          stop.request({ kind: 'interrupted' });
          console.error('Stopping: the calls in flight end first. A second Ctrl-C exits at once.');
          await running;
        },
      });
      const end = await running.catch((error: unknown) => {
        if (error instanceof ScreenUsageError) command.error(error.message);
        throw error;
      });
      process.exitCode = END_CODES[end];
    });
};

async function runScreen(file: string, options: ScreenOptions, stop: Stop): Promise<ScreenEnd> {
  const { cases = false, details = false, dryRun = false, yes = false } = options;
  const list = await readCompanyList(await readList(file), file, options.column);
  const print = (line: string) => console.error(line);
  const gateway = await connectToGateway({ ...options, details }, print);
  try {
    return await screen(
      {
        list,
        cases: cases || details,
        details,
        maxCalls: options.maxCalls,
        oldest: options.maxAge,
        out: options.out,
        format: options.format,
        sandbox: gateway.sandbox,
        ownBudget: gateway.budget,
        dryRun,
        resumption: resumptionOf(file, options),
      },
      {
        client: new GraphClient(gateway.url, gateway.key, stop.signal),
        stop,
        output: process.stderr,
        print,
        confirm: async (question) => yes || confirmOnTerminal(question, stop.signal),
      },
    );
  } finally {
    await gateway.close();
  }
}

/** Ends the command with a usage error if the options do not go together. */
function assertOptions(file: string, options: ScreenOptions, command: Command): void {
  const { cases, details, out, url, keyFile, yes, dryRun } = options;
  if ((cases || details) && out === undefined) {
    command.error(
      `${details ? '--details' : '--cases'} needs --out: the cases are written to a file beside it`,
    );
  }
  if (out !== undefined && resolve(out) === resolve(file)) {
    command.error('--out must be another file than the list: it would replace the list');
  }
  if (keyFile !== undefined && url === undefined) command.error('--key-file needs --url');
  if (!yes && !dryRun && !isInteractive(file)) {
    command.error('Without a terminal to ask on, the command needs --yes or --dry-run');
  }
}

/** @throws Error if the file cannot be read */
async function readList(file: string): Promise<Uint8Array> {
  if (file === '-') return buffer(process.stdin);
  return readFile(file).catch((error: unknown) => {
    throw new Error(`${file} must be a readable file: ${reasonOf(error)}`);
  });
}

function readCalls(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, such as 500.');
}

/** The instant before which answers are too old. */
function readAge(text: string): number {
  const now = Date.now();
  const age = duration.safeParse(text);
  if (age.success) return now - age.data;
  const instant = z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : Number.NaN;
  if (instant <= now) return instant;
  throw new InvalidArgumentError(
    'It must be a duration such as 12h, or a past time such as 2026-11-24T08:00:00Z.',
  );
}
