import { type Logger, pino } from 'pino';
import { withoutSecrets } from './qcc/redaction.js';

/**
 * The log: JSON lines on standard output. Whatever is told of an error is its name, its message, its code and its stack:
 * other fields may hold a request or a stored answer. As a last guard no line holds one of `secrets`.
 *
 * @param level one of pino's
 */
export function createLog(level: string, secrets: readonly string[]): Logger {
  const clean = withoutSecrets(secrets);
  return pino({
    level,
    serializers: { err: describeError },
    hooks: {
      streamWrite: clean,
    },
  });
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, stack, code, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
