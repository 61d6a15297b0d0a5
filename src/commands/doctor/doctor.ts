import type { Config } from '../../config/config.js';
import { type AddCommand, EXIT_CODES } from '../command.js';
import { checkConfiguration } from './check-configuration.js';
import { checkLedger, checkStore } from './check-store.js';
import { checkUpstream } from './check-upstream.js';
import { type Finding, wrong } from './finding.js';
import { describePrice, purchase } from './purchase.js';

/** `doctor`: checks what a gateway needs, beside a gateway that may be running. */
export const addDoctor: AddCommand = (program) => {
  program
    .command('doctor')
    .description('check the configuration, the store, the ledger and the connection to QCC')
    .option('--buy', 'also make one real call, which QCC bills and the ledger records')
    .addHelpText('after', '\nIt exits with 1 if the configuration is wrong, and with 3 if anything else is.')
    .action(async ({ buy = false }: { buy?: boolean }) => {
      process.exitCode = await examine(buy);
    });
};

/** Prints what each check finds. Resolves with the exit code. */
async function examine(buy: boolean): Promise<number> {
  const { config, findings } = await checkConfiguration();
  print(findings);
  if (config === undefined) return EXIT_CODES.environment;
  const store = await checkStore(config);
  print(store);
  const rest = isWell(store) ? await checkLedger(config) : [];
  print(rest);
  const upstream = await checkUpstream(config);
  print(upstream);
  const areWell = isWell([...store, ...rest, ...upstream]);
  if (!buy) return areWell ? 0 : EXIT_CODES.findings;
  if (areWell && config.credentials) return makePurchase(config);
  const reason = areWell ? 'QCC_KEY and QCC_SECRET_KEY must be set' : 'fix what is wrong above first';
  print([wrong('purchase', `nothing was bought: ${reason}`)]);
  return areWell ? EXIT_CODES.environment : EXIT_CODES.findings;
}

async function makePurchase(config: Config): Promise<number> {
  console.log(describePrice(config));
  const { finding, isLimited } = await purchase(config);
  print([finding]);
  if (isLimited) return EXIT_CODES.limit;
  return finding.state === 'wrong' ? EXIT_CODES.findings : 0;
}

function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== 'wrong');
}

function print(findings: readonly Finding[]): void {
  for (const { subject, state, text } of findings) console.log(`${state.padEnd(5)} ${subject}: ${text}`);
}
