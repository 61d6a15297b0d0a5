import { ReplyError } from 'ioredis';

/**
 * Error replies with which a server says that it cannot serve any of our commands. Redis 6 puts the reply to a script's
 * command into a reply of its own: `ERR Error running script (call to f_…): @user_script:2: … -READONLY You can't write …`.
 */
const LOST =
  /(?:^|-)(?:READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOPERM)\b|^ERR ACL failure in script/;
const READ_ONLY = /(?:^|-)READONLY\b/;
/** Error replies with which a server refuses writes only: it has no memory, no disk, or too few replicas. */
const NO_WRITES = /(?:^|-)(?:OOM|MISCONF|NOREPLICAS)\b/;

/**
 * Whether a failed command means that the server is lost. Any other error reply, such as `OOM` at `maxmemory`, concerns its
 * command alone.
 */
export function isLoss(error: unknown): boolean {
  return !isReply(error) || LOST.test(error.message);
}

/** Whether an error is a reply of the server. */
export function isReply(error: unknown): error is Error {
  return error instanceof Error && error instanceof ReplyError;
}

/** Whether a server refused a write because it is a replica. */
export function isReadOnly({ message }: Error): boolean {
  return READ_ONLY.test(message);
}

/** Whether a server refused a write that it may take later. */
export function isWriteRefusal(error: unknown): boolean {
  return isReply(error) && NO_WRITES.test(error.message);
}
