import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretsOf } from '../../src/config/access.js';
import { parseConfig } from '../../src/config/config.js';
import { faultsOf } from '../support/faults.js';
import { describeWithCertificates, makeCertificates } from '../support/redis-topologies.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const targetOf = (url: string) => parseConfig({ REDIS_URL: url }).redis?.target;

describe('REDIS_URL', () => {
  const nobody = { username: undefined, password: undefined, secure: false };

  it('names a server', () => {
    const node = { host: '127.0.0.1', port: 6379 };
    expect(targetOf('redis://127.0.0.1')).toEqual({ kind: 'server', node, database: 0, ...nobody });
    expect(targetOf('REDISS://[::1]:7000/12')).toEqual({
      kind: 'server',
      node: { host: '::1', port: 7000 },
      database: 12,
      ...nobody,
      secure: true,
    });
    expect(targetOf('redis://reader:p%40%2F%3A@redis.example.com/')).toEqual({
      kind: 'server',
      node: { host: 'redis.example.com', port: 6379 },
      database: 0,
      username: 'reader',
      password: 'p@/:',
      secure: false,
    });
    expect(targetOf('redis://:a@b@127.0.0.1')).toMatchObject({ username: undefined, password: 'a@b', node });
  });

  it('names Sentinels and a primary', () => {
    const nodes = [
      { host: 'one', port: 26_379 },
      { host: 'two', port: 7000 },
    ];
    const common = { kind: 'sentinel', nodes, username: 'u', password: 'p' };
    expect(targetOf('redis+sentinel://u:p@one,two:7000/main')).toEqual({
      ...common,
      masterName: 'main',
      database: 0,
      secure: false,
    });
    expect(targetOf('rediss+sentinel://u:p@one,two:7000/main/3')).toEqual({
      ...common,
      masterName: 'main',
      database: 3,
      secure: true,
    });
  });

  it('names nodes of a cluster', () => {
    const nodes = [
      { host: 'one', port: 6379 },
      { host: '10.0.0.2', port: 7000 },
    ];
    expect(targetOf('redis+cluster://one,10.0.0.2:7000')).toEqual({ kind: 'cluster', nodes, ...nobody });
    expect(targetOf('rediss+cluster://:p@one,10.0.0.2:7000/0')).toEqual({
      kind: 'cluster',
      nodes,
      username: undefined,
      password: 'p',
      secure: true,
    });
  });

  it.each([
    'redis://:canary@127.0.0.1:6379\n',
    ' redis://:canary@127.0.0.1:6379',
    'redis://:can\nary@127.0.0.1:6379',
    '"redis://:canary@127.0.0.1:6379"',
    'redis://:canary@127.0.0.1:6379/0"',
    'http://:canary@127.0.0.1:6379',
    'redis+tls://:canary@127.0.0.1:6379',
    'redis://:canary#@127.0.0.1:6379',
    'redis://127.0.0.1:6379?password=canary',
  ])('is refused as %j, and not shown', (url) => {
    const [fault, ...others] = faultsOf({ REDIS_URL: url });
    expect(fault).toMatch(
      /^REDIS_URL must be a URL such as redis:\/\/127\.0\.0\.1:6379, .* without blanks, line breaks/,
    );
    expect([others, fault?.includes('canary')]).toEqual([[], false]);
  });

  it.each([
    [
      'redis://user:canary@a,b',
      ['must name one host. For several, write redis+sentinel:// or redis+cluster://'],
    ],
    ['redis://user:canary@host:70000', ['must name hosts such as']],
    ['redis://user:canary@/0', ['must name hosts such as']],
    ['redis://user:can/ary@host', ['must name hosts such as', 'must end in the number of a database']],
    ['redis://user:canary@host/main', ['must end in the number of a database, or name none']],
    ['redis://canary@host', ['must have a password after a user, as in redis://user:password@host']],
    ['redis://user:canary%@host', ['must be percent-encoded: ']],
    ['redis+sentinel://user:canary@a,b', ['must end in the name of the primary that the Sentinels watch']],
    ['redis+sentinel://user:canary@a,,b/main', ['must name hosts such as']],
    ['redis+cluster://user:canary@a,b/1', ['must name no database: a cluster has database 0 only']],
    [
      'redis+cluster://user:canary%@a:0/1',
      ['must name hosts', 'must be percent-encoded', 'must name no database'],
    ],
  ])('says of %j all that is wrong, and does not show it', (url, expected) => {
    const faults = faultsOf({ REDIS_URL: url });
    expect(faults).toHaveLength(expected.length);
    for (const [index, fault] of faults.entries()) expect(fault).toContain(`REDIS_URL ${expected[index]}`);
    expect(faults.join()).not.toMatch(/can\/?ary/);
  });

  it('gives the log its password to hide, as it is and percent-encoded', () => {
    const secrets = secretsOf(parseConfig({ REDIS_URL: 'redis+cluster://user:pass%2Fword@one,two' }));
    expect(secrets).toEqual(['pass/word', 'pass%2Fword']);
  });
});

describeWithCertificates('the files of certificates for Redis', () => {
  const REDIS_URL = 'rediss://127.0.0.1';

  it('are read at the start', () => {
    const { ca, cert, key } = makeCertificates();
    const env = { REDIS_URL, REDIS_CA_FILE: ca, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key };
    expect(parseConfig(env).redis?.tls).toEqual({
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      cert: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('PRIVATE KEY'),
    });
  });

  it('are refused where they are missing, not PEM or incomplete, all at once with what else is wrong', () => {
    const other = join(temporaryFolder(), 'other.pem');
    writeFileSync(other, '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n');
    const files = { REDIS_CA_FILE: '/does/not/exist', REDIS_CERT_FILE: other, REDIS_KEY_FILE: other };
    const faults = faultsOf({ REDIS_URL: 'redis://127.0.0.1', PORT: 'x', ...files });
    expect(faults.map((fault) => fault.slice(0, 60))).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'REDIS_CA_FILE must be a readable file: ENOENT',
      'REDIS_CERT_FILE must be a file of certificates in PEM (-----'.slice(0, 60),
      'REDIS_KEY_FILE must be a file with a private key in PEM (---'.slice(0, 60),
      'REDIS_URL must begin with rediss if REDIS_CA_FILE, REDIS_CER'.slice(0, 60),
    ]);
    expect(faults.join()).not.toContain('canary');
    expect(faultsOf({ REDIS_URL, REDIS_CERT_FILE: makeCertificates().cert })).toEqual([
      'REDIS_KEY_FILE must be set too. Set both to show Redis a certificate, or neither',
    ]);
  });

  it('are refused where the key is not that of the certificate', () => {
    const [{ cert }, { key }] = [makeCertificates(), makeCertificates()];
    expect(faultsOf({ REDIS_URL, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key })).toEqual([
      'REDIS_KEY_FILE must hold the key of the first certificate in REDIS_CERT_FILE',
    ]);
  });
});
