import { ConfigError, parseConfig } from '../../src/config/config.js';

/** The faults of an environment; none if it can be used. */
export function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
