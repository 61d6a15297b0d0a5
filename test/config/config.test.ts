import { secretsOf } from '../../src/config/access.js';
import { parseConfig } from '../../src/config/config.js';
import { methods } from '../../src/qcc/methods.js';
import { faultsOf } from '../support/faults.js';
import { priceVariables } from '../support/price-variables.js';

describe('the configuration', () => {
  it('needs no variable', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      adminPort: undefined,
      production: false,
      credentials: undefined,
      baseUrl: 'https://pro.qcc.com/api/yj',
      timeout: 10_000,
      maxConcurrency: 10,
      prices: undefined,
      lifetimes: { list: 86_400_000, detail: 604_800_000, empty: 86_400_000, stale: 604_800_000 },
      cacheMemory: 67_108_864,
      cacheResponses: 16_777_216,
      dataDir: './data',
      redis: undefined,
      ledgerUrl: undefined,
      ledgerRetention: 400 * 86_400_000,
      maxCallsPerOperation: 200,
      maxEntities: 1000,
      budget: { perMonth: undefined, perDay: undefined, perClientPerDay: undefined },
      rateLimit: undefined,
      auth: { keys: [], tokens: undefined },
      corsOrigins: undefined,
      introspection: true,
      costExtension: true,
      persisted: 'apq',
      drainDelay: 0,
      logLevel: 'info',
    });
  });

  it('treats a blank variable as unset', () => {
    expect(parseConfig({ PORT: '', QCC_KEY: ' ', LOG_LEVEL: '\t', UNSET: '' })).toEqual(parseConfig({}));
  });

  it('turns off what shows internals in production', () => {
    const production = { NODE_ENV: 'production', SANDBOX: '1' };
    expect(parseConfig(production)).toMatchObject({ introspection: false, corsOrigins: [] });
    expect(
      parseConfig({
        ...production,
        INTROSPECTION: 'on',
        CORS_ORIGINS: 'https://a.example, https://b.example',
      }),
    ).toMatchObject({ introspection: true, corsOrigins: ['https://a.example', 'https://b.example'] });
  });

  it('lists the faults of all values and of all combinations at once', () => {
    const { QCC_PRICE_GETDETAIL: _, ...prices } = priceVariables({});
    const faults = faultsOf({
      ...prices,
      PORT: 'x',
      QCC_TIMEOUT: '0',
      QCC_PRICE_GETLIST: '1,5',
      QCC_KEY: 'canary',
      LOG_LEVEL: 'loud',
      HOST: '0.0.0.0',
      AUTH_ISSUER: 'https://issuer.example',
      PERSISTED_OPERATIONS: 'only',
    });
    expect(faults.map((fault) => fault.split(/ must/)[0])).toEqual([
      'PORT',
      'QCC_TIMEOUT',
      'LOG_LEVEL',
      'QCC_PRICE_GETLIST',
      'QCC_SECRET_KEY',
      'QCC_PRICE_GETDETAIL',
      'PERSISTED_OPERATIONS=only and PERSISTED_OPERATIONS_FILE',
      'AUTH_JWKS_URL and AUTH_AUDIENCE',
      'AUTH',
    ]);
    expect(faults.join()).not.toContain('canary');
  });

  it.each([
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
    [{ MAX_ENTITIES: '0' }, 'MAX_ENTITIES must be a whole number from 1 to 1000000'],
    [{ DRAIN_DELAY: '10' }, 'DRAIN_DELAY must be a duration such as 250ms, 30s, 15m, 24h or 7d'],
    [{ LEDGER_RETENTION: '0' }, 'LEDGER_RETENTION must be more than 0'],
    [{ CACHE_MEMORY: '64' }, 'CACHE_MEMORY must be a size such as 512KB, 64MB or 1GB, or 0 for none'],
    [{ QCC_TIMEOUT: '25d' }, 'QCC_TIMEOUT must be at most 24d'],
    [{ DRAIN_DELAY: '999999h' }, 'DRAIN_DELAY must be at most 24d'],
    [{ CACHE_LIST_TTL: '36501d' }, 'CACHE_LIST_TTL must be at most 36500d'],
    [{ LEDGER_RETENTION: '999999999d' }, 'LEDGER_RETENTION must be at most 36500d'],
    [
      { RATE_LIMIT_PER_CLIENT: '600/1m/2' },
      'RATE_LIMIT_PER_CLIENT must be a number of operations in a span of at least 1s, such as 600/1m',
    ],
    [{ COST_EXTENSION: 'yes' }, 'COST_EXTENSION must be on or off'],
    [{ SANDBOX: 'true' }, 'SANDBOX must be 1, or unset'],
    [{ ADMIN_PORT: '4000' }, 'ADMIN_PORT must differ from PORT, or be unset'],
  ])('says of %j what would be right', (env, fault) => {
    expect(faultsOf(env)).toEqual([fault]);
  });

  it('lets a timer hold 24 days, and other durations be longer', () => {
    const parsed = parseConfig({ QCC_TIMEOUT: '24d', DRAIN_DELAY: '24d', LEDGER_RETENTION: '36500d' });
    expect([parsed.timeout, parsed.drainDelay]).toEqual([24 * 86_400_000, 24 * 86_400_000]);
    expect(parsed.ledgerRetention).toBe(36_500 * 86_400_000);
  });

  it.each([
    ['line breaks', 'canary\n', 'can\r\nary'],
    ['outer blanks', ' canary', 'canary\t', 'canary\u00a0'],
    ['quotes', '"canary"', "'canary'", '`canary`', 'canary"'],
    ['invisible characters', '\ufeffcanary', 'can\u200bary'],
  ])('refuses secrets with %s, and does not show them', (_, ...secrets) => {
    for (const secret of secrets) {
      const faults = faultsOf({ QCC_KEY: secret, QCC_SECRET_KEY: secret });
      const reason =
        'must be visible ASCII characters without blanks, line breaks or quotes around them: remove what a file or a shell has added';
      expect(faults).toEqual([`QCC_KEY ${reason}`, `QCC_SECRET_KEY ${reason}`]);
    }
  });

  it('takes any other visible ASCII in a secret', () => {
    expect(faultsOf({ QCC_KEY: `a"b'c:!~`, QCC_SECRET_KEY: '%+/=&#' })).toEqual([]);
  });

  const USABLE =
    'LEDGER_URL must be a URL such as postgres://user:password@host:5432/database, without blanks, line breaks or quotes. Write special characters of the password percent-encoded';
  const SSL_MODE =
    'LEDGER_URL must have an sslmode from disable, prefer, require, verify-ca, verify-full, no-verify, or none';
  it.each([
    ['mysql://user:hunter2@host/db', USABLE],
    ['user:hunter2@host/db', USABLE],
    ['postgres://user:hun#ter2@host/db', USABLE],
    ['postgres://user:100%@host/db', USABLE],
    ['"postgres://user:hunter2@host/db"', USABLE],
    ['postgres://user:hunter2@host/db\n', USABLE],
    ['postgres://user:hunter2@host/db?sslmode=allow', SSL_MODE],
  ])('refuses %j as LEDGER_URL, and does not show it', (url, fault) => {
    expect(faultsOf({ LEDGER_URL: url })).toEqual([fault]);
  });

  it.each([
    'postgresql://host',
    'postgres:///db?host=/run/postgresql',
    'postgres://user:p%20a%22@[::1]:5433/db?sslmode=verify-full&sslrootcert=/ca.pem',
  ])('accepts %j as LEDGER_URL, and knows its password', (url) => {
    const config = parseConfig({ LEDGER_URL: url });
    expect(config.ledgerUrl).toBe(url);
    expect(secretsOf(config)).toEqual(url.includes('user') ? ['p%20a%22', 'p a"'] : []);
  });

  it('allows two free ports', () => {
    expect(faultsOf({ PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });
});

describe('prices', () => {
  const names = methods.map(({ name }) => `QCC_PRICE_${name.toUpperCase()}`);
  const all = Object.fromEntries(names.map((name, index) => [name, `${index}.5`]));

  it('have one variable for each method', () => {
    expect(names).toEqual(expect.arrayContaining(['QCC_PRICE_GETLIST', 'QCC_PRICE_GETDETAIL']));
    expect(parseConfig(all).prices).toMatchObject({ GetList: '0.5', GetDetail: '1.5' });
  });

  it.each(names)('must not lack %s alone', (missing) => {
    const { [missing]: _, ...others } = all;
    expect(faultsOf(others)).toEqual([
      `${missing} must be set too. Amounts need the price of every method: set all of ${new Intl.ListFormat('en-GB').format(names)}, or none`,
    ]);
  });
});
