import * as z from 'zod';
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
    throw new Error(`${name} must be a writable folder: ${reasonOf(error)} ${folder}`);
  }
}

/** MB of heap below which V8 spends more time on garbage collection than the gateway on requests. */
const MIN_HEAP = 256;
const HEAP_FLAG = /--max[-_]old[-_]space[-_]size[= ](\d+)/g;

/**
 * Explains what to change if V8's heap is too small for the gateway; undefined if it is large enough.
 *
 * @param limit bytes that the heap may take
 * @param flags all options of Node. V8 adds its young generation to the heap that they set, so that the limit is larger
 */
export function explainSmallHeap(limit: number, flags: string): string | undefined {
  const set = [...flags.matchAll(HEAP_FLAG)].at(-1)?.[1];
  const heap = Math.round(set === undefined ? limit / (1024 * 1024) : Number(set));
  if (heap >= MIN_HEAP) return undefined;
  return `the heap is too small: it is ${heap} MB and should be at least ${MIN_HEAP} MB. Set NODE_OPTIONS=--max-old-space-size=${MIN_HEAP} or more`;
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
