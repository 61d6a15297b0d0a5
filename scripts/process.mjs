import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a program and waits until its standard output matches `ready`. It is killed when this process exits.
 *
 * @param env the program's whole environment, besides PATH
 * @param cwd its working directory; by default the one of this process
 * @throws Error with the output if the program ends before
 */
export async function startProcess(program, args, env, ready, cwd) {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (ready.test(output)) break;
  }
  if (!ready.test(output)) throw new Error(`${program} ${args.join(' ')} did not start: ${output}`);
  child.stdout.resume();
  return {
    pid: child.pid,
    output,
    memory: () => memoryOf(child.pid),
    cpu: () => cpuTimeOf(child.pid),
    /** Ends the program. Returns its exit code, null after a signal. */
    async stop(signal = 'SIGTERM') {
      const exit = once(child, 'exit');
      child.kill(signal);
      const [code] = await exit;
      return code;
    },
  };
}

/** Memory of a process in MB, from Linux's /proc: all of it, its peak, and its own memory without mapped files. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
  return { resident: read('VmRSS'), peak: read('VmHWM'), own: read('RssAnon') };
}

/** The CPU time of all threads of a process, in milliseconds, from Linux's /proc. */
function cpuTimeOf(pid) {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}
