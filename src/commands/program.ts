import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, Help } from 'commander';
import * as z from 'zod';
import { PACKAGE_ROOT } from '../package-root.js';
import { type AddCommand, EXIT_CODES, type Service } from './command.js';
import { addDoctor } from './doctor/doctor.js';
import { loadEnvironment } from './environment.js';
import { addLedger } from './ledger/ledger.js';
import { addSandbox } from './sandbox.js';
import { addSchema } from './schema.js';
import { addScreen } from './screen.js';
import { addServe } from './serve.js';

/** Every command, in the order of the help. A further command is a file and an entry here. */
const COMMANDS: readonly AddCommand[] = [addServe, addSandbox, addSchema, addLedger, addScreen, addDoctor];
const DEFAULT_COMMAND = 'serve';
/** The commands that environment variables configure. */
const CONFIGURED_COMMANDS: ReadonlySet<string> = new Set(['serve', 'screen', 'ledger', 'doctor']);

/** Characters of a usage error. It repeats what was typed. */
const MAX_MESSAGE = 300;

const EXIT_CODE_HELP = `
Exit codes:
  0         done
  1         a fault in the configuration or the environment
  2         a usage error
  3         done, with findings
  4         stopped by a budget or a limit
  130, 143  interrupted by SIGINT, SIGTERM`;

/**
 * Runs the command that the arguments name. It prints help, the version and usage errors, and sets the exit code of the
 * process for them.
 *
 * @param args without the paths of Node and of the program; empty: `serve`
 * @throws whatever the command throws
 */
export async function runProgram(
  args: readonly string[],
  onService: (service: Service) => void,
): Promise<void> {
  try {
    await createProgram(onService).parseAsync(args.length === 0 ? [DEFAULT_COMMAND] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander throws after help and the version too.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage;
  }
}

function createProgram(onService: (service: Service) => void): Command {
  const help = new Help();
  let hasMessage = false;
  const program = new Command('endcase-gateway')
    .description("A GraphQL gateway in front of QCC's terminated-case API")
    .addHelpText('after', EXIT_CODE_HELP)
    .exitOverride()
    .showHelpAfterError()
    // The usage that follows lists what is known.
    .showSuggestionAfterError(false)
    .configureOutput({
      outputError(message, write) {
        hasMessage = true;
        write(usageError(message));
      },
    })
    // Commander prints no message if a command is missing, or if `help` gets the name of none.
    .addHelpText('beforeAll', ({ error, command }) => {
      const names = command.commands.map((known) => known.name()).join(', ');
      return error && !hasMessage ? usageError(`missing command, one of: ${names}`) : '';
    })
    // Every command accepts `help`, but only those with commands of their own list it.
    .configureHelp({
      visibleCommands: (command) => (command.commands.length > 0 ? help.visibleCommands(command) : []),
    });
  for (const add of COMMANDS) add(program, onService);
  for (const command of program.commands) {
    if (CONFIGURED_COMMANDS.has(command.name())) command.hook('preAction', loadEnvironment);
  }
  const version = readVersion();
  for (const command of withDescendants(program)) {
    command
      .version(version, '-V, --version', 'print the version')
      .helpOption('-h, --help', 'print this help')
      .helpCommand('help [command]', 'print the help of a command');
  }
  return program;
}

function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

/** One line that begins with the name of the program, made from a message of commander. */
function usageError(message: string): string {
  const line = message
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replace(/^error: /, '');
  const text = line.replace(/^unknown command '(.*)'$/, 'unknown command: $1');
  return `endcase-gateway: ${text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text}\n`;
}

function readVersion(): string {
  const text = readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
