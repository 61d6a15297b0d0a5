import { readFile } from 'node:fs/promises';
import { secretsOf } from '../config/access.js';
import { type Config, parseConfig } from '../config/config.js';
import { createLog } from '../log.js';
import type { ClientBudget } from '../screen/ask/budgets.js';
import { assertWritableFolder, explainListenFault, reasonOf } from './environment-faults.js';
import { configForOneClient } from './one-client.js';
import { recoverStore } from './recover-store.js';

/** The client that a screen is, in budgets, the ledger and usage. */
const CLIENT = 'screen';
const STANDARD_ERROR = 2;
/** Bytes of decoded answers in memory. */
const MAX_CACHE_MEMORY = 4 * 1024 ** 2;

/** The gateway that a screen asks. */
export interface ScreenGateway {
  /** Its GraphQL endpoint. */
  readonly url: string;
  /** Undefined: the gateway serves anyone. */
  readonly key: string | undefined;
  /** Whether it is known to serve invented data. */
  readonly sandbox: boolean;
  /** The client's own budget, where it is known. */
  readonly budget: ClientBudget | undefined;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly url?: string;
  readonly keyFile?: string;
  readonly details: boolean;
}

/**
 * Takes the running gateway that the options name, or starts one from the environment.
 *
 * @param print prints a warning
 * @throws Error if there is no such gateway, or if it would serve invented data without `SANDBOX=1`
 */
export async function connectToGateway(
  { url, keyFile, details }: GatewayOptions,
  print: (line: string) => void,
): Promise<ScreenGateway> {
  if (url === undefined) return startOwnGateway(details, print);
  const key = keyFile === undefined ? process.env.GATEWAY_KEY?.trim() : await readKey(keyFile);
  return {
    url: endpointOf(url),
    key: key || undefined,
    sandbox: false,
    budget: undefined,
    close: async () => undefined,
  };
}

async function startOwnGateway(details: boolean, print: (line: string) => void): Promise<ScreenGateway> {
  const config = parseConfig(process.env);
  const sandbox = config.credentials === undefined;
  if (sandbox && process.env.SANDBOX !== '1') {
    throw new Error(
      'QCC_KEY and QCC_SECRET_KEY must be set. To screen with the invented data of the sandbox, set SANDBOX=1',
    );
  }
  for (const warning of warningsFor(config, details)) print(warning);
  assertWritableFolder('DATA_DIR', config.dataDir);
  await recoverStore(config, (message) => print(`endcase-gateway: ${message}`));
  const { createGateway } = await import('../gateway.js');
  const { config: own, key } = configFor(config);
  const log = createLog(own.logLevel, secretsOf(own), STANDARD_ERROR);
  const gateway = await createGateway(own, { log }).catch((error: unknown) => {
    throw explainListenFault(error, () => 'PORT');
  });
  const { perClientPerDay: limit } = config.budget;
  const budget = limit === undefined ? undefined : { client: CLIENT, limit };
  return { url: gateway.url, key, sandbox, budget, close: () => gateway.close() };
}

/** What a screen also needs: little memory, and a quiet log. */
function configFor(config: Config): { config: Config; key: string } {
  const { config: own, key } = configForOneClient(config, CLIENT);
  return {
    key,
    config: {
      ...own,
      // A screen makes each call once, so memory would fill with answers that are not needed again.
      cacheResponses: 0,
      cacheMemory: Math.min(config.cacheMemory, MAX_CACHE_MEMORY),
      logLevel: process.env.LOG_LEVEL?.trim() ? config.logLevel : 'warn',
    },
  };
}

function warningsFor({ lifetimes }: Config, details: boolean): string[] {
  const zero = [
    lifetimes.list === 0 && 'CACHE_LIST_TTL',
    lifetimes.empty === 0 && 'CACHE_EMPTY_TTL',
    details && lifetimes.detail === 0 && 'CACHE_DETAIL_TTL',
  ].filter((name) => name !== false);
  if (zero.length === 0) return [];
  return [
    `Warning: ${zero.join(', ')} ${zero.length === 1 ? 'is' : 'are'} 0, so answers are not cached: if you run this command again, it buys them again.`,
  ];
}

/** @throws Error if the file cannot be read */
async function readKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Error(`--key-file must be a readable file: ${reasonOf(error)}`);
  });
  // `trim` takes a byte order mark too.
  return text.trim();
}

/** @throws Error if it is no URL */
function endpointOf(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new Error('--url must be a URL such as http://127.0.0.1:4000/graphql');
  }
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}
