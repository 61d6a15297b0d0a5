// Loaded into a gateway by hostile-requests.mjs: finds the turn of the event loop that takes the main thread the most CPU
// time. SIGUSR2 starts it. The next SIGUSR2 stops it and writes the milliseconds to the file TURN_MONITOR_FILE.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const file = process.env.TURN_MONITOR_FILE;
/** Milliseconds that the main thread has run, from Linux's /proc: unlike a clock, it does not count other processes. */
const cpuTime = () => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;

let isRunning = false;
let longest = 0;
let before = 0;
function endTurn() {
  const now = cpuTime();
  longest = Math.max(longest, now - before);
  before = now;
  if (isRunning) setImmediate(endTurn);
}

process.on('SIGUSR2', () => {
  isRunning = !isRunning;
  if (isRunning) {
    longest = 0;
    before = cpuTime();
    setImmediate(endTurn);
    return;
  }
  writeFileSync(`${file}.part`, String(longest));
  renameSync(`${file}.part`, file);
});
