import { hash, randomBytes } from 'node:crypto';
import type { Config } from '../config/config.js';
import { SCOPES } from '../graphql/caller.js';

/**
 * The configuration of the environment, for a gateway that serves one client on this machine, which has every scope. What
 * guards and stores the answers stays.
 *
 * @returns the API key of the client too. It is new each time
 */
export function configForOneClient(config: Config, client: string): { config: Config; key: string } {
  const key = randomBytes(32).toString('base64url');
  const digest = hash('sha256', key, 'buffer');
  return {
    key,
    config: {
      ...config,
      host: '127.0.0.1',
      port: 0,
      adminPort: undefined,
      auth: { keys: [{ name: client, scopes: new Set(SCOPES), digest }], tokens: undefined },
      rateLimit: undefined,
      persisted: 'off',
      introspection: false,
      drainDelay: 0,
    },
  };
}
