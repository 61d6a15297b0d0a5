import { ConfigError, parseConfig } from '../../src/config/config.js';
import { methods } from '../../src/qcc/methods.js';

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

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
      redisUrl: undefined,
      ledgerRetention: 400 * 86_400_000,
      maxCallsPerOperation: 200,
      maxEntities: 1000,
      budget: { perDay: undefined, perClientPerDay: undefined },
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
    const faults = faultsOf({
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
    [{ COST_EXTENSION: 'yes' }, 'COST_EXTENSION must be on or off'],
    [{ SANDBOX: 'true' }, 'SANDBOX must be 1, or unset'],
    [{ ADMIN_PORT: '4000' }, 'ADMIN_PORT must be another port than PORT, or unset'],
  ])('says of %j what would be right', (env, fault) => {
    expect(faultsOf(env)).toEqual([fault]);
  });

  it('allows two free ports', () => {
    expect(faultsOf({ PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });
});

describe('prices', () => {
  const names = methods.map(({ name }) => `QCC_PRICE_${name.toUpperCase()}`);
  const all = Object.fromEntries(names.map((name, index) => [name, `${index}.5`]));

  it('have one variable for each method', () => {
    expect(names).toEqual(['QCC_PRICE_GETLIST', 'QCC_PRICE_GETDETAIL']);
    expect(parseConfig(all).prices).toEqual({ GetList: '0.5', GetDetail: '1.5' });
  });

  it.each(names)('must not lack %s alone', (missing) => {
    const { [missing]: _, ...others } = all;
    expect(faultsOf(others)).toEqual([
      `${missing} must be set too. Amounts need the price of every method: set all of QCC_PRICE_GETLIST and QCC_PRICE_GETDETAIL, or none`,
    ]);
  });
});
