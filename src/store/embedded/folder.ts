import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and the folders above it, unless they exist. Node's recursive `mkdir` does not return if the file system
 * answers ENOENT in a folder that exists, as /proc does.
 *
 * @throws Error of the operating system if the folder cannot be made or written
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) {
    accessSync(folder, constants.W_OK);
    return;
  }
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (isFolder(folder)) return;
    if (existsSync(folder) || existsSync(dirname(folder))) throw error;
    makeFolder(dirname(folder));
    makeFolder(folder);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
