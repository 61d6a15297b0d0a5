import { readFileSync } from 'node:fs';
import { type Sandbox, startSandbox } from '../../../src/sandbox/server.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { startTestGateway } from '../../support/gateway.js';
import { describeWithRedis, type RedisServer, startRedis } from '../../support/redis.js';
import {
  itWithTlsRedis,
  makeCertificates,
  startCluster,
  startSentinels,
  startTlsRedis,
} from '../../support/redis-topologies.js';

/** What a user may do, as the documentation has it. */
const ACL = (/ACL SETUSER gateway (.*)/.exec(readFileSync('docs/scaling.md', 'utf8'))?.[1] ?? '')
  .replace('>password', '>pass word/1')
  .split(/ (?!word)/);

describeWithRedis('a gateway', () => {
  let sandbox: Sandbox;
  let redis: RedisServer;
  beforeEach(async () => {
    sandbox = closeAfterTest(await startSandbox());
    redis = closeAfterTest(await startRedis());
  });

  const start = async (url: string, env: Record<string, string> = {}) =>
    closeAfterTest(await startTestGateway({ env: { REDIS_URL: url, ...env }, upstream: sandbox }));

  const faultOf = (url: string, env: Record<string, string> = {}): Promise<string> =>
    start(url, env).then(
      () => 'it starts',
      (error: Error) => error.message,
    );

  it('refuses to start on a node of a cluster that does not have its keys, and says what to set', async () => {
    const { nodes } = await startCluster();
    const faults = await Promise.all(nodes.map(({ url }) => faultOf(url)));
    expect(faults.sort()).toEqual([
      'REDIS_URL must begin with redis+cluster:// or rediss+cluster://: it leads to a node of a Redis Cluster that does not have the data of the gateway',
      'REDIS_URL must begin with redis+cluster:// or rediss+cluster://: it leads to a node of a Redis Cluster that does not have the data of the gateway',
      'it starts',
    ]);
  });

  it('refuses to start where REDIS_URL names another kind of server', async () => {
    const host = `127.0.0.1:${redis.port}`;
    expect(await faultOf(`redis+cluster://${host}`)).toContain(
      'it leads to a server that is not a Redis Cluster',
    );
    expect(await faultOf(`redis+sentinel://${host}/main`)).toContain(
      'must name Sentinels, not Redis servers',
    );
    expect(await faultOf(`redis://${host}/16`)).toContain(
      'must end in the number of a database that Redis has',
    );
    const { url } = await startSentinels();
    expect(await faultOf(`${url}-other`)).toContain('must end in a name that its Sentinels know');
  });

  it('refuses to start with a user or a password that Redis refuses, and shows neither', async () => {
    await redis.command('acl', 'setuser', 'gateway', ...ACL);
    await redis.configure('requirepass', 'canary');
    const { port } = redis;
    for (const login of ['', ':canary-2@', 'gateway:canary@', 'canary-3:canary@']) {
      const fault = await faultOf(`redis://${login}127.0.0.1:${port}`);
      expect(fault).toBe(
        'REDIS_URL must have the user and the password that Redis expects: Redis refused the login',
      );
    }
  });

  it('runs as a user who may do what docs/scaling.md lists, in a database of its own', async () => {
    await redis.command('acl', 'setuser', 'gateway', ...ACL);
    const url = `redis://gateway:pass%20word%2F1@127.0.0.1:${redis.port}/3`;
    const gateways = [await start(url, { BUDGET_PER_DAY: '9' }), await start(url, { BUDGET_PER_DAY: '9' })];
    for (const { query } of gateways) {
      const { errors } = await query('{ endCase(id: "a case") { court } }');
      expect(errors).toBeUndefined();
      expect((await query('{ usage { total { calls } } }')).data.usage.total.calls).toBe(1);
    }
    expect(sandbox.statistics.total.calls).toBe(1);
    expect(await redis.command('-n', '0', 'dbsize')).toBe('0');
    expect(Number(await redis.command('-n', '3', 'dbsize'))).toBeGreaterThan(3);
  });

  it.each(['-eval', '-zadd', '-hincrby', 'resetkeys'])(
    'refuses to start as a user whose ACL has %s',
    async (restriction) => {
      await redis.command('acl', 'setuser', 'gateway', ...ACL, restriction);
      const fault = await faultOf(`redis://gateway:pass%20word%2F1@127.0.0.1:${redis.port}`);
      expect(fault).toContain('REDIS_URL must have a user with the permissions that the gateway needs');
    },
  );

  itWithTlsRedis(
    'refuses to start without the authority, or without a certificate, that a Redis with TLS needs',
    async () => {
      const [files, others] = [makeCertificates(), makeCertificates()];
      const { port } = await startTlsRedis(files);
      const url = `rediss://127.0.0.1:${port}`;
      expect(await faultOf(url)).toMatch(
        /^REDIS_CA_FILE must hold the authority that signed the certificate of Redis/,
      );
      expect(await faultOf(url, { REDIS_CA_FILE: others.ca })).toMatch(/^REDIS_CA_FILE must hold/);
      const own = { REDIS_CA_FILE: files.ca, REDIS_CERT_FILE: others.cert, REDIS_KEY_FILE: others.key };
      for (const env of [{ REDIS_CA_FILE: files.ca }, own]) {
        expect(await faultOf(url, env)).toMatch(
          /^REDIS_CERT_FILE and REDIS_KEY_FILE must hold a certificate/,
        );
      }
    },
  );
});
