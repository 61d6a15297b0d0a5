import { type Config, parseConfig } from '../config/config.js';
import type { AddCommand } from './command.js';
import { assertWritableFolder, explainListenFault } from './environment-faults.js';
import { needsRecovery, recoverStore } from './recover-store.js';
import type { StartupServer } from './startup-server.js';

/** `serve`: the gateway, configured by environment variables. */
export const addServe: AddCommand = (program, onService) => {
  program
    .command('serve')
    .description('serve GraphQL (the default command)')
    .addHelpText('after', '\nEnvironment variables configure the gateway.')
    .action(async () => {
      const config = parseConfig(process.env);
      assertWritableFolder('DATA_DIR', config.dataDir);
      const listening = <T>(server: Promise<T>) =>
        server.catch((error: unknown) => {
          throw explainListenFault(error, (port) => (port === config.adminPort ? 'ADMIN_PORT' : 'PORT'));
        });
      const startup = await checkStore(config, listening);
      // The gateway takes most of the program's start, and only this command needs it.
      const { createGateway } = await import('../gateway.js');
      const port = startup?.port ?? config.port;
      onService(
        await listening(createGateway({ ...config, port }, { beforeListen: () => startup?.close() })),
      );
    });
};

/**
 * Checks the store where it was not closed cleanly, and replaces a damaged one.
 *
 * @returns what answers on the port in the meantime; undefined where there was nothing to check
 */
async function checkStore(
  config: Config,
  listening: (server: Promise<StartupServer>) => Promise<StartupServer>,
): Promise<StartupServer | undefined> {
  if (!needsRecovery(config)) return undefined;
  const { startStartupServer } = await import('./startup-server.js');
  const startup = await listening(startStartupServer(config));
  const print = (message: string) => console.error(`endcase-gateway: ${message}`);
  print(
    `The store in ${config.dataDir} was not closed cleanly and is being checked. Until then, /healthz answers on port ${startup.port}.`,
  );
  await recoverStore(config, print);
  return startup;
}
