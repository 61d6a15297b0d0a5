import { getHeapStatistics } from 'node:v8';
import { secretsOf } from '../config/access.js';
import { type Config, parseConfig } from '../config/config.js';
import type { Gateway } from '../gateway.js';
import { createLog, type Log } from '../log.js';
import type { AddCommand, Service } from './command.js';
import { assertWritableFolder, explainListenFault, explainSmallHeap } from './environment-faults.js';
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
      const log = createLog(config.logLevel, secretsOf(config));
      warnOfSmallHeap(log);
      const listening = <T>(server: Promise<T>) =>
        server.catch(async (error: unknown) => {
          await log.flush();
          throw explainListenFault(error, (port) => (port === config.adminPort ? 'ADMIN_PORT' : 'PORT'));
        });
      const startup = await checkStore(config, log, listening);
      // The gateway takes most of the program's start, and only this command needs it.
      const { createGateway } = await import('../gateway.js');
      const port = startup?.port ?? config.port;
      const gateway = await listening(
        createGateway({ ...config, port }, { log, beforeListen: () => startup?.close() }),
      );
      onService(serviceOf(gateway, log));
    });
};

/**
 * Checks the store where it was not closed cleanly, and replaces a damaged one.
 *
 * @returns what answers on the port in the meantime; undefined where there was nothing to check
 */
async function checkStore(
  config: Config,
  { log, flush }: Log,
  listening: (server: Promise<StartupServer>) => Promise<StartupServer>,
): Promise<StartupServer | undefined> {
  if (!needsRecovery(config)) return undefined;
  const { startStartupServer } = await import('./startup-server.js');
  const startup = await listening(startStartupServer(config));
  // Whatever the level: until the check ends, nothing else shows that the process works.
  log
    .child({}, { level: 'warn' })
    .warn(
      `The store in ${config.dataDir} was not closed cleanly and is being checked. Until then, /healthz answers on port ${startup.port}.`,
    );
  void flush();
  await recoverStore(config, (message) => log.error(message));
  return startup;
}

function warnOfSmallHeap({ log }: Log): void {
  const flags = [process.env.NODE_OPTIONS, ...process.execArgv].join(' ');
  const warning = explainSmallHeap(getHeapStatistics().heap_size_limit, flags);
  if (warning !== undefined) log.warn(warning);
}

/** The gateway as a service that reports to the log. */
function serviceOf(gateway: Gateway, { log, flush }: Log): Service {
  return {
    announce() {
      // Whatever the level: operators and programs wait for this line.
      log.child({}, { level: 'info' }).info(gateway.description);
      void flush();
    },
    report(message, err) {
      log.error({ err }, message);
      return flush();
    },
    async close(signal) {
      log.info({ signal }, 'stopping: the gateway finishes the requests that it accepted');
      await gateway.close();
      log.info('stopped');
      await flush();
    },
  };
}
