import { readThrough, salvage } from './recover.js';

/** The checker: a process of its own, which a damaged file may crash. */
const [task, folder = '', target = ''] = process.argv.slice(2);
if (task === 'check') readThrough(folder);
else if (task === 'salvage') await salvage(folder, target);
else throw new TypeError(`unknown task: ${task}`);
