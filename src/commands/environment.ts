import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { misspelledVariables } from '../config/misspelled.js';
import { reasonOf } from './environment-faults.js';

/** Read in the working directory. */
const FILE = '.env';

/**
 * Adds the variables of the file `.env` to the environment of the process, which wins, and prints a warning for each
 * variable that looks like a misspelled setting.
 *
 * @throws Error if the file exists and cannot be read
 */
export function loadEnvironment(): void {
  for (const [name, value] of Object.entries(readEnvFile())) process.env[name] ??= value;
  for (const { name, meant } of misspelledVariables(process.env)) {
    console.error(`endcase-gateway: ${name} is not a setting and has no effect. ${meant} was probably meant`);
  }
}

function readEnvFile(): NodeJS.Dict<string> {
  const bytes = readOptionalFile();
  if (bytes === undefined) return {};
  try {
    // The decoder removes a byte order mark.
    return parseEnv(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Error(`${FILE} must be a text file in UTF-8`);
  }
}

/** Undefined: there is no such file. */
function readOptionalFile(): Uint8Array | undefined {
  try {
    return readFileSync(FILE);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'ENOENT') return undefined;
    throw new Error(`${FILE} must be a readable file: ${reason}`);
  }
}
