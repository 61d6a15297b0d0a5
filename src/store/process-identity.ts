import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names this process among all that ever ran on this boot of this host: boot id, pid namespace, pid and start time. Empty
 * where the system does not tell (Linux does).
 */
export const PROCESS_IDENTITY = identityOf();

function identityOf(): string {
  try {
    const start = startTime('self');
    return start === undefined ? '' : `${bootAndNamespace()} ${process.pid} ${start}`;
  } catch {
    return '';
  }
}

function bootAndNamespace(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
}

/** Whether a process is alive; undefined where that cannot be told, as of a process of another host. */
export function isAlive(identity: string): boolean | undefined {
  if (identity === '' || PROCESS_IDENTITY === '') return undefined;
  if (identity === PROCESS_IDENTITY) return true;
  const [boot, namespace, pid, start] = identity.split(' ');
  if (!PROCESS_IDENTITY.startsWith(`${boot} ${namespace} `)) return undefined;
  return startTime(pid ?? '') === start;
}

/** When a process started, in clock ticks since boot; undefined where it is gone. (proc(5): states Z and X are dead.) */
function startTime(pid: string): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name, in parentheses, may contain anything. State is the first field after it, start time the twentieth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** Milliseconds since boot: the same for all processes of a host, and no clock setting changes it. */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
