import { readThrough, salvage } from './recover.js';

/** Run in a process of its own, which a damaged file may end: `check FOLDER`, or `salvage FOLDER INTO`. */
const [work, folder = '', into = ''] = process.argv.slice(2);
if (work === 'check') readThrough(folder);
else if (work === 'salvage') await salvage(folder, into);
else throw new TypeError(`there is no work ${work}`);
