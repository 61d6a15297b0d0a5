#!/usr/bin/env node
import { EXIT_CODES, type Service } from './commands/command.js';
import { runProgram } from './commands/program.js';
import { isFailedCommit } from './store/embedded/environment.js';

/**
 * Milliseconds after the first signal in which further ones are ignored. Under `npm start` one Ctrl-C arrives twice: from
 * the terminal, and forwarded by npm.
 */
const MIN_SECOND_SIGNAL = 1000;

let service: Service | undefined;
let stopping: number | undefined;

/** Drains the service and exits with 0, or with `exitCode` if it is a task. Exits at once if nothing is served yet, and on a later second signal. */
function stop(signal: NodeJS.Signals, exitCode: number): void {
  if (service === undefined) process.exit(exitCode);
  if (stopping === undefined) {
    stopping = performance.now();
    const { isTask } = service;
    service.close(signal).then(() => process.exit(isTask ? exitCode : 0), fail);
  } else if (performance.now() - stopping > MIN_SECOND_SIGNAL) {
    void service.report('second signal: exiting at once', signal).finally(() => process.exit(exitCode));
  }
}

function fail(error: unknown): never {
  for (const line of messageOf(error).split('\n')) console.error(`endcase-gateway: ${line}`);
  process.exit(EXIT_CODES.environment);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Exits once the reader of the output has closed it, as `head` does. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') fail(error);
  process.exit(0);
}

process.on('SIGINT', (signal) => stop(signal, EXIT_CODES.interrupted));
process.on('SIGTERM', (signal) => stop(signal, EXIT_CODES.terminated));
process.stdout.on('error', onOutputError);
process.on('unhandledRejection', (error) => {
  // LMDB also rejects a promise of its own, in addition to the one that the store handles.
  if (!isFailedCommit(error)) throw error;
  const message = 'the disk refused a write to the store';
  if (service) void service.report(message, error);
  else console.error(`endcase-gateway: ${message}: ${messageOf(error)}`);
});

try {
  await runProgram(process.argv.slice(2), (started) => {
    service = started;
    // A service continues without a reader of its output, and a task ends in its own way.
    process.stdout.off('error', onOutputError);
    process.on('uncaughtException', (error) => {
      void started
        .report('unexpected error: exiting', error)
        .finally(() => process.exit(EXIT_CODES.environment));
    });
    started.announce?.();
  });
} catch (error) {
  fail(error);
}
