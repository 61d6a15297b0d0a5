import { InvalidArgumentError } from 'commander';
import { port } from '../config/values.js';
import { SANDBOX_CREDENTIALS, startSandbox } from '../sandbox/server.js';
import type { AddCommand } from './command.js';
import { explainListenFault, reasonOf } from './environment-faults.js';

const DEFAULT_PORT = 4100;

/** `sandbox`: QCC's API with invented data. */
export const addSandbox: AddCommand = (program, onService) => {
  program
    .command('sandbox')
    .description("serve the QCC sandbox alone: QCC's API with invented data")
    .option('--port <port>', 'the port on 127.0.0.1; 0 picks a free port', readPort, DEFAULT_PORT)
    .action(async ({ port }: { port: number }) => {
      const sandbox = await startSandbox({ port }).catch((error: unknown) => {
        throw explainListenFault(error, () => '--port');
      });
      const { key, secretKey } = SANDBOX_CREDENTIALS;
      onService({
        announce: () => {
          console.log(`QCC_BASE_URL=${sandbox.url} QCC_KEY=${key} QCC_SECRET_KEY=${secretKey}`);
        },
        report: async (message, error) => {
          console.error(`endcase-gateway: ${message}: ${reasonOf(error)}`);
        },
        close: () => sandbox.close(),
      });
    });
};

function readPort(text: string): number {
  const { data, error } = port.safeParse(text);
  if (data !== undefined) return data;
  throw new InvalidArgumentError(`It ${error?.issues[0]?.message}.`);
}
