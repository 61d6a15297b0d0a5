// QCC's stand-in in a process of its own. Usage: node upstream.mjs [LATENCY in ms]
import { startSandbox } from '../dist/sandbox/server.js';

const sandbox = await startSandbox({ latency: Number(process.argv[2] ?? 0) });
console.log(sandbox.url);
