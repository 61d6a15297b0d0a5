#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { ledgerCommand } from './commands/ledger.js';
import { recoverStore } from './commands/recover-store.js';
import { ConfigError, parseConfig } from './config/config.js';
import { createGateway } from './gateway.js';
import { printSchema } from './graphql/schema/print.js';
import { buildGraph } from './graphql/schema/schema.js';
import { SANDBOX_CREDENTIALS, startSandbox } from './sandbox/server.js';
import { isFailedCommit } from './store/embedded/environment.js';

const USAGE = `usage: endcase-gateway [serve]                 serve the graph, configured by the environment
       endcase-gateway sandbox [--port N]      serve QCC's stand-in alone
       endcase-gateway schema [--entities-only]  print the subgraph's schema, or it without root fields
       endcase-gateway ledger export           print what was bought, call by call
       endcase-gateway ledger reconcile FILE   lay QCC's invoice beside it`;

interface Running {
  /** Printed once it can be told to stop. */
  readonly description: string;
  close(): Promise<void>;
}

/** Ends the process where whoever reads what is printed has read enough. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}

const verbs: Readonly<Record<string, (args: string[]) => Promise<Running | undefined>>> = {
  async serve(args) {
    parseArgs({ args, options: {} });
    const config = parseConfig(process.env);
    await recoverStore(config, (what) => console.error(`endcase-gateway: ${what}`));
    return createGateway(config);
  },
  async sandbox(args) {
    const { values } = parseArgs({ args, options: { port: { type: 'string', default: '4100' } } });
    const sandbox = await startSandbox({ port: Number(values.port) });
    const { key, secretKey } = SANDBOX_CREDENTIALS;
    const description = `QCC_BASE_URL=${sandbox.url} QCC_KEY=${key} QCC_SECRET_KEY=${secretKey}`;
    return { description, close: sandbox.close };
  },
  async schema(args) {
    endWithReader();
    const { values } = parseArgs({ args, options: { 'entities-only': { type: 'boolean', default: false } } });
    process.stdout.write(printSchema(buildGraph(), { entitiesOnly: values['entities-only'] }));
    return undefined;
  },
  async ledger(args) {
    endWithReader();
    await ledgerCommand(args, parseConfig(process.env));
    return undefined;
  },
};

process.on('unhandledRejection', (error) => {
  if (!isFailedCommit(error)) throw error;
  console.error('endcase-gateway: the disk did not take what was to be kept', error);
});

try {
  const [name = 'serve', ...args] = process.argv.slice(2);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) throw new TypeError(`there is no verb ${name}\n${USAGE}`);
  const running = await verb(args);
  if (running) {
    const stop = () => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      running.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
    console.log(running.description);
  }
} catch (error) {
  const faults =
    error instanceof ConfigError ? error.faults : [error instanceof Error ? error.message : String(error)];
  for (const fault of faults) console.error(`endcase-gateway: ${fault}`);
  process.exit(1);
}
