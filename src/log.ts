import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { type Logger, pino } from 'pino';
import * as z from 'zod';
import { withoutSecrets } from './qcc/text/redaction.js';

/** Bytes that make the log write its buffer. */
const MIN_WRITE = 12 * 1024;
/** Milliseconds after which it writes a smaller buffer. */
const FLUSH_INTERVAL = 200;
/** Milliseconds that `flush` waits. */
const MAX_FLUSH = 1000;
/** Bytes that are buffered for a slow reader. Further lines are dropped, so that a log without a reader delays no answer. */
const MAX_BUFFER = 16 * 1024 * 1024;

/** The levels of pino from which on a line names its level on a terminal. */
const LEVEL_NAMES: Readonly<Record<number, string>> = { 40: 'WARN ', 50: 'ERROR ', 60: 'FATAL ' };
const STANDARD_OUTPUT = 1;

export interface Log {
  readonly log: Logger;
  /** Writes what the log has buffered. Resolves when it is written, when the reader has gone, or after one second. */
  flush(): Promise<void>;
}

/**
 * Creates the log: JSON lines, or plain lines on a terminal. Of an error it writes the name, message, code, stack and causes only,
 * since other fields may hold a request or an answer. It replaces `secrets` in every line, as a last safeguard.
 *
 * @param level a level of pino
 * @param fd the file descriptor of the log; 1 is standard output
 */
export function createLog(level: string, secrets: readonly string[], fd = STANDARD_OUTPUT): Log {
  const redact = withoutSecrets(secrets);
  const streamWrite = isatty(fd) ? (line: string) => redact(plainLine(line)) : redact;
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
    log: pino({ level, serializers: { err: describeError }, hooks: { streamWrite } }, output),
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

const logLine = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
  err: z.looseObject({ stack: z.string().optional() }).optional(),
});

/** A line of the log for a terminal: time, message and fields, then the stack of an error. @param line JSON */
export function plainLine(line: string): string {
  const {
    level,
    time,
    msg = '',
    err,
    pid: _pid,
    hostname: _hostname,
    ...fields
  } = logLine.parse(JSON.parse(line));
  const texts = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const head = [`${timeOfDay(time)} ${LEVEL_NAMES[level] ?? ''}${msg}`, ...texts].join(' ');
  const rest = err === undefined ? '' : `\n${err.stack ?? JSON.stringify(err)}`;
  return `${withoutControls(head + rest)}\n`;
}

function timeOfDay(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}

/** A terminal would carry out the control characters of a message. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '\u{fffd}');
}
