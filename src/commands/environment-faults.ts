import { z } from 'zod';
import { makeFolder } from '../store/embedded/folder.js';

const systemError = z.looseObject({
  code: z.string(),
  syscall: z.string().optional(),
  address: z.string().optional(),
  hostname: z.string().optional(),
  port: z.number().optional(),
});

/** The code of an error of the operating system, such as `ENOENT`; the message of any other error. */
export function reasonOf(error: unknown): string {
  return systemError.safeParse(error).data?.code ?? (error instanceof Error ? error.message : String(error));
}

/**
 * Creates a folder unless it exists.
 *
 * @param name the variable that holds its path
 * @throws Error if it cannot be created or written
 */
export function assertWritableFolder(name: string, folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw new Error(`${name} must be a folder that can be written: ${reasonOf(error)} ${folder}`);
  }
}

/**
 * Explains why a server could not listen.
 *
 * @param nameOf the variable or option that holds a port
 * @returns an error that names what to change; any other error as it is
 */
export function explainListenFault(error: unknown, nameOf: (port: number) => string): unknown {
  const { code = '', address, hostname, port = 0 } = systemError.safeParse(error).data ?? {};
  const unknownHost = `HOST must be an address of this machine: ${code} ${address ?? hostname}`;
  const messages: Readonly<Record<string, string>> = {
    EADDRINUSE: `${nameOf(port)} must be a free port: another program listens on ${address}:${port}`,
    EACCES: `${nameOf(port)} must be a port that this user may listen on: EACCES ${address}:${port}`,
    EADDRNOTAVAIL: unknownHost,
    ENOTFOUND: unknownHost,
    EAI_AGAIN: unknownHost,
  };
  const message = messages[code];
  return message === undefined ? error : new Error(message);
}
