import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import { cleanUp, closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';
import { linesOf, run, runToEnd } from '../../support/process.js';
import { requires } from '../../support/requirement.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';

const MAIN = join(__dirname, '..', '..', '..', 'dist', 'main.js');

type Row = Record<string, string>;

const companies = (count: number) => Array.from({ length: count }, (_, index) => `测试企业${index}有限公司`);

/** A folder with a list, the program in front of a sandbox, and what it writes. */
async function startScreen(list: string | Uint8Array, { latency = 0, file = 'list.csv' } = {}) {
  const sandbox: Sandbox = closeAfterTest(await startSandbox({ latency }));
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  writeFileSync(path(file), list);
  const env = {
    QCC_KEY: SANDBOX_CREDENTIALS.key,
    QCC_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
    QCC_BASE_URL: sandbox.url,
    DATA_DIR: path('data'),
  };
  const args = (...options: string[]) => ['screen', path(file), '--out', path('out'), ...options];
  const rowsOf = (name: string): Row[] =>
    parse(readFileSync(path(name), 'utf8'), { bom: true, columns: true });
  return {
    sandbox,
    path,
    env,
    start: (...options: string[]) => run(env, ...args('--yes', ...options)),
    screen: (...options: string[]) => runToEnd(env, ...args('--yes', ...options)),
    screenWith: (more: Record<string, string>, ...options: string[]) =>
      runToEnd({ ...env, ...more }, ...args(...options)),
    rows: () => rowsOf('out'),
    cases: () => rowsOf('out.cases.csv'),
    part: () => rowsOf('out.part'),
  };
}

/** What was bought more than once. */
function boughtTwice({ statistics }: Sandbox): string[] {
  const calls = statistics.log.map(({ method, parameters }) => {
    const { token, timespan, ...rest } = parameters;
    return `${method} ${JSON.stringify(rest)}`;
  });
  return calls.filter((call, index) => calls.indexOf(call) !== index);
}

describe('a screen of a list', () => {
  it('writes a row for each company in the order of the list, and buys each company once', async () => {
    const list = [
      '企业名称',
      '浙江省临海标准件工业公司',
      'sandbox:rows:3',
      'ＳＡＮＤＢＯＸ:rows:3',
      'sandbox:rows:0',
      'A',
    ];
    const { sandbox, screen, rows } = await startScreen(list.join('\n'));
    const { code, output } = await screen();
    expect([code, sandbox.statistics.total.calls]).toEqual([3, 3]);
    expect(
      rows().map(({ typed, kind, outcome, cases, read, complete }) => [
        typed,
        kind,
        outcome,
        cases,
        read,
        complete,
      ]),
    ).toEqual([
      ['浙江省临海标准件工业公司', 'NAME', 'found', '99', '20', 'false'],
      ['sandbox:rows:3', 'NAME', 'found', '3', '3', 'true'],
      ['ＳＡＮＤＢＯＸ:rows:3', 'NAME', 'found', '3', '3', 'true'],
      ['sandbox:rows:0', 'NAME', 'none', '0', '0', 'true'],
      ['A', '', 'invalid', '', '0', 'false'],
    ]);
    expect(output).toContain('Rows: 5; distinct companies: 3; invalid rows: 1');
    expect(output).toContain('To buy: at most 3 calls');
    const [partial, whole, , none, invalid] = rows();
    expect([partial?.unperformedAmount, partial?.newestEndDate]).toEqual(['', '']);
    expect([whole?.unperformedAmount, whole?.enforcementAmount]).toEqual([
      expect.stringMatching(/^\d+(\.\d+)?$/),
      expect.stringMatching(/^\d+(\.\d+)?$/),
    ]);
    expect([none?.unperformedAmount, invalid?.error]).toEqual(['0', expect.stringContaining('too short')]);
    expect(whole).toMatchObject({ stale: 'false', error: '', source: 'QCC' });
    expect(whole?.orderNumber).toBe(
      sandbox.statistics.log.find(({ parameters }) => parameters.searchKey === 'sandbox:rows:3')?.orderNumber,
    );
    expect(Date.parse(whole?.retrievedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('buys nothing the second time, and writes the same', async () => {
    const { sandbox, path, screen, rows } = await startScreen(companies(45).join('\n'), { file: 'list.txt' });
    expect((await screen()).code).toBe(0);
    const first = readFileSync(path('out'), 'utf8');
    const second = await screen();
    expect([second.code, sandbox.statistics.total.calls, rows().length]).toEqual([0, 45, 45]);
    expect(readFileSync(path('out'), 'utf8')).toBe(first);
    expect(second.output).toContain('Already cached: page 1 of 45 of the 45 distinct companies');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'stops buying on %s, says how to go on, and buys nothing twice when it goes on',
    async (signal, exitCode) => {
      const names = companies(120);
      const { sandbox, path, start, screen, rows, part } = await startScreen(names.join('\n'), {
        latency: 30,
        file: 'list.txt',
      });
      const running = start();
      await waitUntil(() => sandbox.statistics.total.calls >= 25);
      running.child.kill(signal);
      const [code] = await once(running.child, 'close');
      const bought = sandbox.statistics.total.calls;
      expect([code, existsSync(path('out')), bought < 120]).toEqual([exitCode, false, true]);
      expect(running.output()).toContain(
        `endcase-gateway screen ${path('list.txt')} --out ${path('out')} --yes`,
      );
      const done = part();
      expect(done.length).toBeGreaterThan(0);
      expect(done.map(({ typed }) => typed)).toEqual(names.slice(0, done.length));
      expect((await screen()).code).toBe(0);
      expect(rows().map(({ typed }) => typed)).toEqual(names);
      expect([sandbox.statistics.total.calls, boughtTwice(sandbox), existsSync(path('out.part'))]).toEqual([
        120,
        [],
        false,
      ]);
    },
  );

  it('is whole, and buys no page twice, after it was killed', async () => {
    const names = companies(60);
    const { sandbox, start, screen, rows } = await startScreen(names.join('\n'), {
      latency: 30,
      file: 'list.txt',
    });
    const running = start();
    await waitUntil(() => sandbox.statistics.total.calls >= 25);
    running.child.kill('SIGKILL');
    await once(running.child, 'close');
    const asked = sandbox.statistics.log.length;
    expect((await screen()).code).toBe(0);
    expect(rows().map(({ typed }) => typed)).toEqual(names);
    // Only the calls whose answers had not come can be repeated.
    expect(boughtTwice(sandbox).length).toBeLessThanOrEqual(10);
    expect(asked).toBeLessThan(60);
  });

  it('buys answers anew that are older than --max-age, counted from its first start', async () => {
    const { sandbox, screen } = await startScreen(companies(3).join('\n'), { file: 'list.txt' });
    const start = new Date().toISOString();
    await screen();
    await screen('--max-age', start);
    await screen('--max-age', '1h');
    expect(sandbox.statistics.total.calls).toBe(3);
    const { code, output } = await screen('--max-age', '0s', '--max-calls', '2');
    expect([code, sandbox.statistics.total.calls]).toEqual([4, 5]);
    const [, instant = ''] = /--max-age (\S+)/.exec(output) ?? [];
    await screen('--max-age', instant);
    expect(sandbox.statistics.total.calls).toBe(6);
  });

  it('reads every case with --cases, and asks before it buys the rest', async () => {
    const { sandbox, screen, rows, cases } = await startScreen(
      'sandbox:rows:130\nsandbox:rows:20\nsandbox:rows:0\n',
    );
    const { code, output } = await screen('--cases');
    expect([code, sandbox.statistics.total.calls, boughtTwice(sandbox)]).toEqual([0, 9, []]);
    expect(output).toContain('To buy: at most 3 calls');
    expect(output).toContain('To buy: 6 calls');
    expect(rows().map(({ cases, read, complete }) => [cases, read, complete])).toEqual([
      ['130', '130', 'true'],
      ['20', '20', 'true'],
      ['0', '0', 'true'],
    ]);
    expect(new Set(cases().map(({ id }) => id)).size).toBe(150);
    expect(cases()[149]).toMatchObject({ typed: 'sandbox:rows:20', certificateNo: '', source: 'QCC' });
    await screen('--cases');
    expect(sandbox.statistics.total.calls).toBe(9);
  });

  it('reads the details too with --details', async () => {
    const { sandbox, screen, rows, cases } = await startScreen('sandbox:rows:22\n');
    expect((await screen('--details')).code).toBe(0);
    expect([sandbox.statistics.GetList.calls, sandbox.statistics.GetDetail.calls]).toEqual([2, 22]);
    expect(rows()).toMatchObject([{ cases: '22', complete: 'true', outcome: 'found' }]);
    expect(cases().filter(({ certificateNo, debtorName }) => certificateNo && debtorName)).toHaveLength(22);
  });

  it('fails the row whose detail does not come, and keeps the other cases', async () => {
    const { screen, rows, cases } = await startScreen('sandbox:details:status:203\n');
    expect((await screen('--details')).code).toBe(3);
    expect(rows()).toMatchObject([
      { outcome: 'failed', cases: '3', read: '3', error: expect.stringContaining('UPSTREAM_FAILURE') },
    ]);
    expect(cases().map(({ debtorName }) => debtorName !== '')).toEqual([true, false, true]);
  });

  it('stops before more calls are billed than --max-calls allows, and goes on with the next', async () => {
    const { sandbox, path, screen, part, rows } = await startScreen(companies(30).join('\n'), {
      file: 'list.txt',
    });
    const first = await screen('--max-calls', '13');
    expect([first.code, sandbox.statistics.total.billed, existsSync(path('out'))]).toEqual([4, 13, false]);
    expect(first.output).toContain('Stopped: --max-calls 13 is used up.');
    expect(part()).toHaveLength(13);
    expect((await screen('--max-calls', '17')).code).toBe(0);
    expect([rows().length, sandbox.statistics.total.billed]).toEqual([30, 30]);
    expect((await screen('--max-calls', '0')).code).toBe(0);
  });

  it('stops where a budget is used up, and shows what is left of it', async () => {
    const { sandbox, screenWith, part } = await startScreen(companies(30).join('\n'), { file: 'list.txt' });
    const { code, output } = await screenWith(
      { BUDGET_PER_DAY: '12', BUDGET_PER_MONTH: '50', BUDGET_PER_CLIENT_PER_DAY: '20' },
      '--yes',
    );
    expect([code, sandbox.statistics.total.billed, part().length]).toEqual([4, 12, 12]);
    expect(output).toContain(
      'Budget: 12 of 12 calls left today for all clients; 50 of 50 calls left this month for all clients; 20 of 20 calls left today for this client',
    );
    expect(output).toMatch(/Stopped: .*BUDGET_PER_DAY/);
  });

  it('buys nothing and writes nothing in a dry run', async () => {
    const { sandbox, path, screenWith } = await startScreen('A公司\n');
    const prices = priceVariables({ GetList: '0.30', GetDetail: '0.50' });
    const { code, output } = await screenWith(prices, '--dry-run');
    expect([code, sandbox.statistics.total.calls]).toEqual([0, 0]);
    expect([existsSync(path('out')), existsSync(path('out.part'))]).toEqual([false, false]);
    expect(output).toContain('To buy: at most 1 call, ¥0.30');
  });

  it('goes on after a failure of one company, and explains it in its row', async () => {
    const { screen, rows } = await startScreen(
      'sandbox:status:203\nsandbox:status:213\nsandbox:no-id\nsandbox:odd-values\nsandbox:rows:1\n',
    );
    expect((await screen('--cases')).code).toBe(3);
    expect(rows().map(({ outcome, complete }) => [outcome, complete])).toEqual([
      ['failed', 'false'],
      ['invalid', 'false'],
      ['found', 'false'],
      ['found', 'true'],
      ['found', 'true'],
    ]);
    const [failed, invalid, noId, odd] = rows();
    expect([failed?.error, invalid?.error]).toEqual([
      expect.stringContaining('UPSTREAM_FAILURE'),
      expect.stringContaining('BAD_USER_INPUT'),
    ]);
    expect([noId?.error, odd?.error]).toEqual([
      expect.stringContaining('UPSTREAM_DATA_INVALID'),
      expect.stringContaining('UPSTREAM_DATA_INVALID'),
    ]);
  });

  it('asks a running gateway, with the key of a file', async () => {
    const gateway = closeAfterTest(
      await startTestGateway({
        env: {
          AUTH_API_KEYS: 'lists:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0:usage:read',
        },
      }),
    );
    const { sandbox, path, screenWith, rows } = await startScreen('sandbox:rows:2\n');
    writeFileSync(path('key'), '\ufeffaaa\n');
    const url = new URL(gateway.url).origin;
    expect((await screenWith({}, '--yes', '--url', url, '--key-file', path('key'))).code).toBe(0);
    expect((await screenWith({ GATEWAY_KEY: 'aaa' }, '--yes', '--url', url)).code).toBe(0);
    const refused = await screenWith({ GATEWAY_KEY: 'wrong' }, '--yes', '--url', url);
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('UNAUTHENTICATED')]);
    expect([rows().length, gateway.sandbox.statistics.total.calls, sandbox.statistics.total.calls]).toEqual([
      1, 1, 0,
    ]);
  });

  it('is the client screen in the ledger', async () => {
    const { env, screen } = await startScreen('sandbox:rows:2\n');
    await screen();
    const exported = (await linesOf(env, 'ledger', 'export')).join('\n');
    expect(parse(exported, { bom: true, columns: true })).toMatchObject([
      { client: 'screen', method: 'GetList' },
    ]);
  });

  it('guards cells that a spreadsheet would run', async () => {
    const { path, screen } = await startScreen('企业名称\n"=HYPERLINK(""http://127.0.0.1"")"\n');
    await screen();
    expect(readFileSync(path('out'), 'utf8')).toContain(`"'=HYPERLINK`);
  });

  it('refuses to invent data unless SANDBOX=1, and then says so in every row', async () => {
    const { path, screenWith, rows } = await startScreen('A公司\nB\n');
    const noKeys = { QCC_KEY: '', QCC_SECRET_KEY: '' };
    const refused = await screenWith(noKeys, '--yes');
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('SANDBOX=1')]);
    expect(existsSync(path('out'))).toBe(false);
    expect((await screenWith({ ...noKeys, SANDBOX: '1' }, '--yes')).code).toBe(3);
    expect(rows().map(({ source }) => source)).toEqual([
      'sandbox (invented data)',
      'sandbox (invented data)',
    ]);
  });

  it('warns where answers are not kept', async () => {
    const { screenWith } = await startScreen('A公司\n');
    const { output } = await screenWith({ CACHE_LIST_TTL: '0' }, '--dry-run');
    expect(output).toMatch(/^Warning: CACHE_LIST_TTL is 0/m);
  });
});

/** `script` of util-linux runs a program on a terminal of its own. */
const terminal = requires({
  tests: 'the questions of a screen on a terminal',
  remedy: 'script of util-linux is not installed; apt-get install bsdutils',
  met: spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false,
  variable: 'TERMINAL_TESTS',
});

terminal.describe('a screen on a terminal', () => {
  /** Answers each question in turn. Resolves with what the terminal showed. */
  async function converse(replies: readonly string[]) {
    const { sandbox, path, env } = await startScreen('sandbox:rows:25\n', { file: 'list.txt' });
    const command = `${process.execPath} ${MAIN} screen ${path('list.txt')} --cases --out ${path('out')}`;
    const { PATH = '' } = process.env;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...env, PATH, SHELL: '/bin/sh' },
    });
    cleanUp(() => child.kill('SIGKILL'));
    let shown = '';
    child.stdout.on('data', (chunk) => {
      shown += chunk;
    });
    const closed = once(child, 'close');
    for (const [index, reply] of replies.entries()) {
      await waitUntil(() => shown.split('[y/N]').length > index + 1);
      child.stdin.write(reply);
    }
    const [code] = await closed;
    return { code, shown, calls: sandbox.statistics.total.calls, isWhole: existsSync(path('out')) };
  }

  it('buys what is confirmed', async () => {
    const { code, shown, calls, isWhole } = await converse(['y\n', 'yes\n']);
    expect([code, calls, isWhole]).toEqual([0, 2, true]);
    expect(shown).toContain('Buy at most 1 call? [y/N]');
  });

  it.each([
    ['n\n', 0, 'Declined. Billed: 0 calls.'],
    ['\n', 0, 'Declined. Billed: 0 calls.'],
    ['\u0003', 130, 'Interrupted. Billed: 0 calls.'],
  ])('buys nothing after %j', async (reply, exitCode, message) => {
    const { code, shown, calls, isWhole } = await converse([reply]);
    expect([code, calls, isWhole, shown]).toEqual([exitCode, 0, false, expect.stringContaining(message)]);
  });
});

describe('a screen in a pipe', () => {
  it('reads standard input, and writes standard output with nothing else', async () => {
    const { env } = await startScreen('');
    const running = run(env, 'screen', '-', '--yes', '--format', 'jsonl');
    let written = '';
    running.child.stdout?.on('data', (chunk) => {
      written += chunk;
    });
    running.child.stdin?.end('\ufeffsandbox:rows:2\nsandbox:rows:0\n', 'utf16le');
    expect(await once(running.child, 'close')).toEqual([0, null]);
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { typed: 'sandbox:rows:2', cases: 2 },
      { typed: 'sandbox:rows:0', outcome: 'none' },
    ]);
  });

  it('ends in one line where its reader has gone', async () => {
    const { env, path } = await startScreen(companies(40).join('\n'), { file: 'list.txt' });
    const running = run(env, 'screen', path('list.txt'), '--yes');
    running.child.stdout?.destroy();
    const [code] = await once(running.child, 'close');
    expect([code, running.output()]).toEqual([
      1,
      expect.stringContaining('Standard output must be a writable file'),
    ]);
    expect(running.output()).not.toMatch(/^ {4}at /m);
  });
});

describe('a screen that is started wrongly', () => {
  it.each([
    [['--cases', '--yes'], '--cases needs --out'],
    [['--details', '--yes'], '--details needs --out'],
    [['--max-calls', '-1', '--yes'], 'whole number'],
    [['--max-age', '2999-01-01T00:00:00Z', '--yes'], 'past time'],
    [['--column', 'x', '--yes'], '--column must be a header of the list'],
    [[], '--yes or --dry-run'],
    [['--key-file', 'x', '--yes'], '--key-file needs --url'],
    [['--out', 'list.csv', '--yes'], '--out must be another file than the list'],
  ])('explains %j as a usage error', async (options, message) => {
    const list = join(temporaryFolder(), 'list.csv');
    writeFileSync(list, 'A公司\n');
    const given = options.map((option) => (option === 'list.csv' ? list : option));
    const { code, output } = await runToEnd({}, 'screen', list, ...given);
    const [line] = output.split('\n');
    expect([code, line]).toEqual([2, expect.stringContaining(message)]);
  });

  it.each([
    ['a missing list', 'missing.csv', 'must be a readable file: ENOENT'],
    ['a folder', '.', 'must be a readable file: EISDIR'],
  ])('explains %s', async (_, name, message) => {
    const { code, output } = await runToEnd({}, 'screen', join(temporaryFolder(), name), '--yes');
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('explains a gateway that cannot be reached', async () => {
    const list = join(temporaryFolder(), 'list.csv');
    writeFileSync(list, 'A公司\n');
    const { code, output } = await runToEnd({}, 'screen', list, '--yes', '--url', 'http://127.0.0.1:9');
    expect([code, output]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });
});
