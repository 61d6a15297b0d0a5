import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphClient } from '../../src/screen/ask/graph-client.js';
import { readCompanyList } from '../../src/screen/list/company-list.js';
import { screen } from '../../src/screen/screen.js';
import type { ScreenSettings } from '../../src/screen/screen-settings.js';
import { Stop } from '../../src/screen/stop.js';
import { closeAfterTest } from '../support/cleanup.js';
import { startTestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Answers to questions, in turn; a function is called in place of an answer. */
type Replies = readonly (boolean | ((stop: Stop) => boolean))[];

async function screenList(
  list: readonly string[],
  replies: Replies,
  settings: Partial<ScreenSettings> = {},
  options: TestGatewayOptions = {},
) {
  const { url, sandbox } = closeAfterTest(await startTestGateway(options));
  const out = join(temporaryFolder(), 'out');
  const stop = new Stop();
  const questions: string[] = [];
  const lines: string[] = [];
  const end = await screen(
    {
      list: await readCompanyList(Buffer.from(list.join('\n')), 'list.txt', undefined),
      cases: false,
      details: false,
      maxCalls: undefined,
      oldest: undefined,
      out,
      format: 'jsonl',
      sandbox: false,
      ownBudget: undefined,
      dryRun: false,
      resumption: 'the same command',
      ...settings,
    },
    {
      client: new GraphClient(url, undefined, stop.signal),
      stop,
      output: { write: () => true },
      print: (line) => lines.push(line),
      confirm: async (question) => {
        const reply = replies[questions.push(question) - 1];
        return typeof reply === 'function' ? reply(stop) : reply === true;
      },
    },
  );
  const rows = (name = out) =>
    readFileSync(name, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { end, questions, lines, out, rows, calls: sandbox.statistics.total.calls };
}

const LIST = ['sandbox:rows:45', 'sandbox:rows:3', 'sandbox:rows:0'];

describe('a screen that asks for confirmation', () => {
  it('buys and writes nothing if it is declined', async () => {
    const { end, questions, calls, out } = await screenList(LIST, [false]);
    expect([end, questions, calls]).toEqual(['declined', ['Buy at most 3 calls? [y/N] '], 0]);
    expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false]);
  });

  it('asks for the exact rest after page 1 of every company', async () => {
    const { end, questions, calls, rows } = await screenList(LIST, [true, true], { cases: true });
    expect(questions).toEqual(['Buy at most 3 calls? [y/N] ', 'Buy at most 2 calls? [y/N] ']);
    expect([end, calls]).toEqual(['done', 5]);
    expect(rows()).toMatchObject([
      { read: 45, complete: true },
      { read: 3, complete: true },
      { outcome: 'none' },
    ]);
  });

  it('writes page 1, which is paid for, if the rest is declined', async () => {
    const { end, calls, rows } = await screenList(LIST, [true, false], { cases: true });
    expect([end, calls]).toEqual(['declined', 3]);
    expect(rows()).toMatchObject([
      { cases: 45, read: 20, complete: false },
      { complete: true },
      { complete: true },
    ]);
  });

  it('stops if it is interrupted while it asks', async () => {
    const interrupt = (stop: Stop) => {
      stop.request({ kind: 'interrupted' });
      return false;
    };
    const { end, calls, lines } = await screenList(LIST, [true, interrupt], { cases: true });
    expect([end, calls, lines.at(-1)]).toEqual(['interrupted', 3, '  the same command']);
  });

  it('names no more than --max-calls in its question', async () => {
    const { end, questions, calls } = await screenList(LIST, [true], { maxCalls: 2 });
    expect([end, questions, calls]).toEqual(['limit', ['Buy at most 2 calls? [y/N] '], 2]);
  });
});

describe('a screen of a gateway with limits of its own', () => {
  const names = Array.from({ length: 35 }, (_, index) => `sandbox:rows:${index}`);

  it.each([
    ['an operation may buy little', { MAX_CALLS_PER_OPERATION: '1' }],
    ['a client may send few operations a second', { RATE_LIMIT_PER_CLIENT: '3/1s' }],
  ])('buys every company once where %s', async (_, env) => {
    const { end, calls, rows } = await screenList(names, [true], {}, { env });
    expect([end, calls, rows().length]).toEqual(['done', 35, 35]);
  });
});

describe('a screen with repeated companies', () => {
  it('asks about a company once, though its first attempt fails', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `sandbox:rows:${index}`);
    const { end, calls, rows } = await screenList(['sandbox:html', ...names, 'SANDBOX:html'], [true]);
    expect([end, calls]).toEqual(['findings', 31]);
    expect([rows()[0].outcome, rows()[31].outcome, rows()[31].error]).toEqual([
      'failed',
      'failed',
      rows()[0].error,
    ]);
  });
});
