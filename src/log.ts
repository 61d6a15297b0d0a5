import { type Logger, type LoggerOptions, pino } from 'pino';
import { withoutSecrets } from './qcc/redaction.js';

/** Bytes that are written at once, and milliseconds that fewer wait to be. */
const AT_ONCE = 12 * 1024;
const MAX_WAIT = 200;
/** Milliseconds that the end waits for the last lines. */
const MAX_FLUSH = 1000;
/** Bytes that may wait for a reader; what is beyond that is dropped: a log that nobody reads must not hold up answers. */
const MAX_WAITING = 16 * 1024 * 1024;

export interface Log {
  readonly log: Logger;
  /** Writes what waits to be written. Resolves once it is, or its reader is found gone, or takes too long. */
  flush(): Promise<void>;
}

/**
 * The log: JSON lines on standard output. Whatever is told of an error is its name, its message, its code and its stack:
 * other fields may hold a request or a stored answer. As a last guard no line holds one of `secrets`.
 *
 * @param level one of pino's
 */
export function createLog(level: string, secrets: readonly string[]): Log {
  const clean = withoutSecrets(secrets);
  const output = pino.destination({
    fd: 1,
    sync: false,
    minLength: AT_ONCE,
    periodicFlush: MAX_WAIT,
    maxLength: MAX_WAITING,
  });
  const options: LoggerOptions = {
    level,
    serializers: { err: describeError },
    hooks: {
      streamWrite: clean,
    },
  };
  let flushing: Promise<void> | undefined;
  // Not at once: it would try for ever where the reader has gone and that has not shown yet.
  const flush = () =>
    new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, MAX_FLUSH);
      output.flush(() => {
        clearTimeout(giveUp);
        resolve();
      });
    }).finally(() => {
      flushing = undefined;
    });
  return {
    log: pino(options, output),
    flush() {
      flushing ??= flush();
      return flushing;
    },
  };
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return { name, message, stack, code, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
