import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf, runIn, runToEnd, stop, urlIn } from '../support/process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PORT_FAULT = 'endcase-gateway: PORT must be a whole number from 0 to 65535\n';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const writeEnvFile = (text: string | Buffer) => writeFileSync(join(folder, '.env'), text);
const serve = (env: Record<string, string> = {}) => runIn(folder, env, 'serve');

describe('the file .env', () => {
  it.each([['serve'], ['ledger', 'export'], ['doctor']])('configures %s', async (...command) => {
    writeEnvFile('PORT=from-the-file');
    const { code, output } = await endOf(runIn(folder, {}, ...command));
    expect([code, output]).toEqual([1, expect.stringContaining('PORT must be a whole number')]);
  });

  it('is read with its comments, quotes, line ends and byte order mark', async () => {
    writeEnvFile(
      '\ufeffPORT=0\r\n# a comment\r\nexport SANDBOX="1" # another\r\nNODE_ENV=\'production\'\r\n',
    );
    const running = serve({ LOG_LEVEL: 'silent' });
    const url = await urlIn(running);
    // Only NODE_ENV=production turns the explorer off, and only SANDBOX=1 lets the gateway start there.
    expect((await fetch(new URL('/explorer', url))).status).toBe(404);
    expect(await stop(running)).toBe(0);
  });

  it('gives way to the environment of the process, an empty variable included', async () => {
    writeEnvFile('PORT=from-the-file\nQCC_KEY=only-one-of-two');
    const running = serve({ PORT: '0', QCC_KEY: '' });
    await urlIn(running);
    expect(await stop(running)).toBe(0);
  });

  it('does not configure the sandbox and the schema', async () => {
    writeEnvFile('PORT=from-the-file');
    expect((await endOf(runIn(folder, {}, 'schema'))).code).toBe(0);
  });

  it.each([
    ['is a directory', () => mkdirSync(join(folder, '.env')), '.env must be a readable file: EISDIR\n'],
    [
      'is not UTF-8',
      () => writeEnvFile(Buffer.from('\ufeffPORT=0', 'utf16le')),
      '.env must be a text file in UTF-8\n',
    ],
  ])('stops the start if it %s', async (_, prepare, message) => {
    prepare();
    expect(await endOf(serve())).toEqual({ code: 1, output: `endcase-gateway: ${message}` });
  });
});

describe('a misspelled variable', () => {
  const start = (env: Record<string, string>) => runToEnd({ PORT: 'x', ...env }, 'serve');

  it('is warned about, without its value', async () => {
    const meant = {
      QCC_KYE: 'QCC_KEY',
      BUDGET_PER_DAYS: 'BUDGET_PER_DAY',
      QCC_TIMEOUT_MS: 'QCC_TIMEOUT',
      DATADIR: 'DATA_DIR',
      PROT: 'PORT',
      log_level: 'LOG_LEVEL',
      LEDGER_RETENTION_DAYS: 'LEDGER_RETENTION',
    };
    const values = Object.keys(meant).map((name) => [name, 'some-secret']);
    const { output } = await start(Object.fromEntries(values));
    const warnings = Object.entries(meant).map(
      ([name, setting]) =>
        `endcase-gateway: ${name} is not a setting and has no effect. ${setting} was probably meant\n`,
    );
    expect(output).toBe(`${warnings.join('')}${PORT_FAULT}`);
  });

  it('is warned about if it is in .env', async () => {
    writeEnvFile('MAX_ENTITYS=5\nPORT=x');
    expect((await endOf(serve())).output).toContain('MAX_ENTITYS is not a setting and has no effect.');
  });

  it('is none of those that systems and other programs set', async () => {
    const others = {
      HOME: '/root',
      OS: 'Windows_NT',
      HOSTNAME: 'a',
      LANG: 'C',
      npm_config_cache: 'x',
      QCC_KYE: '',
    };
    expect((await start(others)).output).toBe(PORT_FAULT);
  });
});
