import { parseConfig } from '../config/config.js';
import type { AddCommand } from './command.js';
import { assertWritableFolder, explainListenFault } from './environment-faults.js';
import { recoverStore } from './recover-store.js';

/** `serve`: the gateway, configured by environment variables. */
export const addServe: AddCommand = (program, onService) => {
  program
    .command('serve')
    .description('serve GraphQL (the default command)')
    .addHelpText('after', '\nEnvironment variables configure the gateway.')
    .action(async () => {
      const config = parseConfig(process.env);
      assertWritableFolder('DATA_DIR', config.dataDir);
      await recoverStore(config, (message) => console.error(`endcase-gateway: ${message}`));
      // The gateway takes most of the program's start, and only this command needs it.
      const { createGateway } = await import('../gateway.js');
      const gateway = await createGateway(config).catch((error: unknown) => {
        throw explainListenFault(error, (port) => (port === config.adminPort ? 'ADMIN_PORT' : 'PORT'));
      });
      onService(gateway);
    });
};
