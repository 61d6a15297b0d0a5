import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { withoutSecrets } from './qcc/text/redaction.js';

/** Bytes that make the log write its buffer. */
const MIN_WRITE = 12 * 1024;
/** Milliseconds after which it writes a smaller buffer. */
const FLUSH_INTERVAL = 200;
/** Milliseconds that `flush` waits. */
const MAX_FLUSH = 1000;
/** Bytes that are buffered for a slow reader. Further lines are dropped, so that a log that nobody reads delays no answer. */
const MAX_BUFFER = 16 * 1024 * 1024;

/**
 * Creates the log: JSON lines. Of an error it writes the name, message, code, stack and causes only,
 * since other fields may hold a request or an answer. It replaces `secrets` in every line, as a last safeguard.
 *
 * @param level a level of pino
 * @param fd the file descriptor of the log; 1 is standard output
 */
export function createLog(level: string, secrets: readonly string[], fd = 1) {
  const redact = withoutSecrets(secrets);
  const output = pino.destination({
    fd,
    sync: false,
    minLength: MIN_WRITE,
    periodicFlush: FLUSH_INTERVAL,
    maxLength: MAX_BUFFER,
  });
  let flushing: Promise<void> | undefined;
  // Asynchronous and with a time limit: a synchronous flush would retry forever after the reader has gone.
  const flush = () =>
    Promise.race([
      new Promise<void>((resolve) => output.flush(() => resolve())),
      sleep(MAX_FLUSH, undefined, { ref: false }),
    ]).finally(() => {
      flushing = undefined;
    });
  return {
    log: pino({ level, serializers: { err: describeError }, hooks: { streamWrite: redact } }, output),
    /** Writes the buffer. Resolves when it is written, when the reader has gone, or after one second. */
    flush(): Promise<void> {
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
