import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../src/commands/program.js';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'dist', 'main.js');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Runs the program inside this process, with its two outputs apart. As in a pipe, neither is a terminal. */
async function run(args: readonly string[]) {
  const streams = [process.stdout, process.stderr];
  const terminals = streams.map(({ isTTY }) => isTTY);
  const texts = ['', ''];
  const writes = streams.map((stream, index) => {
    stream.isTTY = false;
    return jest.spyOn(stream, 'write').mockImplementation((text) => {
      texts[index] += String(text);
      return true;
    });
  });
  const { exitCode } = process;
  try {
    await runProgram(args, () => undefined);
    const [out = '', error = ''] = texts;
    return { code: process.exitCode, out, error };
  } finally {
    process.exitCode = exitCode;
    for (const write of writes) write.mockRestore();
    for (const [index, stream] of streams.entries()) stream.isTTY = terminals[index] ?? false;
  }
}

/** Runs the built program to its end, with its two outputs apart. */
async function runBuilt(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH ?? '' } });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    error += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, error };
}

const COMMANDS = [
  [],
  ['serve'],
  ['sandbox'],
  ['schema'],
  ['ledger'],
  ['ledger', 'export'],
  ['ledger', 'reconcile'],
  ['doctor'],
];
const HELP = [
  ...COMMANDS.map((command) => [...command, '--help']),
  ['-h'],
  ['help'],
  ['help', 'ledger'],
  ['sandbox', '-h'],
  ['sandbox', 'help'],
  ['ledger', 'reconcile', 'help'],
].map((line) => [line.join(' ')]);

describe('the built program', () => {
  it.each([['--help'], ['ledger', '--version'], ['sell'], ['ledger', 'export', '--to', 'yesterday']])(
    'prints the same, and exits with the same code, for: %s',
    async (...args) => {
      const { code, ...outputs } = await run(args);
      expect(await runBuilt(args)).toEqual({ code, ...outputs });
    },
  );
});

describe('the program', () => {
  it.each(HELP)('prints help for: %s', async (line) => {
    const { code, out, error } = await run(line.split(' '));
    const command = line.replace(/ ?(--help|-h|help) ?/, '');
    expect([code, error]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: ${`endcase-gateway ${command}`.trim()} \\[`));
  });

  it.each(COMMANDS.map((command) => [[...command, '--version'].join(' ')]))(
    'prints its version for: %s',
    async (line) => {
      expect(await run(line.split(' '))).toEqual({ code: 0, out: `${version}\n`, error: '' });
    },
  );

  it.each([
    ['sell', 'unknown command: sell', 'endcase-gateway'],
    ['sell --port 1', 'unknown command: sell', 'endcase-gateway'],
    ['--bogus', "unknown option '--bogus'", 'endcase-gateway'],
    [
      'serve twice',
      "too many arguments for 'serve'. Expected 0 arguments but got 1.",
      'endcase-gateway serve',
    ],
    ['schema --entities', "unknown option '--entities'", 'endcase-gateway schema'],
    [
      'sandbox --port 65536',
      "option '--port <port>' argument '65536' is invalid. It must be a whole number from 0 to 65535.",
      'endcase-gateway sandbox',
    ],
    ['ledger sell', 'unknown command: sell', 'endcase-gateway ledger'],
    ['ledger reconcile', "missing required argument 'file'", 'endcase-gateway ledger reconcile'],
    ['ledger', 'missing command, one of: export, reconcile', 'endcase-gateway ledger'],
    [
      `sandbox --port ${'9'.repeat(500)}`,
      `option '--port <port>' argument '${'9'.repeat(267)}…`,
      'endcase-gateway sandbox',
    ],
    [
      'ledger export --format xml',
      "option '--format <format>' argument 'xml' is invalid. Allowed choices are csv, jsonl.",
      'endcase-gateway ledger export',
    ],
    [
      'ledger export --from 2026-11-25 --to 2026-11-24',
      '--from must not be after --to',
      'endcase-gateway ledger export',
    ],
    [
      'ledger reconcile invoice.csv --from 2026-11-24T08:00:01Z --to 2026-11-24T16:00:00+08:00',
      '--from must not be after --to',
      'endcase-gateway ledger reconcile',
    ],
  ])('answers %s with one line and the usage', async (line, message, usage) => {
    const { code, out, error } = await run(line.split(' '));
    expect([code, out]).toEqual([2, '']);
    expect(error.split('\n').slice(0, 3)).toEqual([
      `endcase-gateway: ${message}`,
      '',
      expect.stringMatching(new RegExp(`^Usage: ${usage} \\[`)),
    ]);
  });

  it('names the commands if help gets the name of none', async () => {
    const { code, out, error } = await run(['help', 'sell']);
    expect([code, out]).toEqual([2, '']);
    expect(error).toMatch(
      /^endcase-gateway: missing command, one of: serve, .*\n\nUsage: endcase-gateway \[/,
    );
  });

  it.each(['yesterday', '2026-02-30', '2026-11-24T08:00'])('does not read %s as a time', async (text) => {
    const { code, error } = await run(['ledger', 'export', '--to', text]);
    expect([code, error]).toEqual([2, expect.stringContaining('It must be a day such as')]);
  });

  it('ends quietly if the reader of its output has gone', async () => {
    const child = spawn(process.execPath, [MAIN, 'schema'], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let error = '';
    child.stderr.on('data', (text) => {
      error += text;
    });
    expect([await once(child, 'close'), error]).toEqual([[0, null], '']);
  });
});
