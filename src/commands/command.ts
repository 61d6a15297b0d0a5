import type { Command } from 'commander';

/** The exit codes of every command. A program that a signal interrupts exits with 128 and the number of the signal. */
export const EXIT_CODES = {
  /** The configuration, a file, the disk or the network does not allow it. */
  environment: 1,
  usage: 2,
  /** Done, and there is something to look into. */
  findings: 3,
  /** A budget or a limit ended it early. */
  limit: 4,
  interrupted: 130,
  terminated: 143,
} as const;

/** What a signal stops: a server that runs until then, or a task that ends by itself otherwise. */
export interface Service {
  /** A task that a signal ends early has not done its work, so the program exits with the code of the signal. */
  readonly isTask?: true;
  /** Prints where it is served. A task has nothing to announce. */
  announce?(): void;
  /** Reports a fault. Resolves when that is written. */
  report(message: string, error: unknown): Promise<void>;
  /** Finishes what was accepted, then stops. Resolves when all that it reports is written. */
  close(signal: NodeJS.Signals): Promise<void>;
}

/** Adds a command to the program. A command that starts a service passes it to `onService`. */
export type AddCommand = (program: Command, onService: (service: Service) => void) => void;
