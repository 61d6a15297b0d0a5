import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, closeAfterTest } from './cleanup.js';
import { freePort } from './free-port.js';
import { end, REDIS, type RedisServer, redisCli, startRedis, startServer } from './redis.js';
import { type Requirement, requires } from './requirement.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

/** `openssl req` signs with an authority since version 3. */
const OPENSSL: Requirement = {
  tests: 'TLS tests',
  remedy: 'openssl 3 is not installed; apt-get install openssl',
  met: /^OpenSSL [3-9]/.test(String(spawnSync('openssl', ['version']).stdout)),
  variable: 'REQUIRE_OPENSSL',
};

/** `describe`, where certificates can be made. */
export const describeWithCertificates = requires(OPENSSL).describe;

/** `it`, where certificates can be made and a redis-server is installed. */
export const itWithTlsRedis = requires(REDIS, OPENSSL).it;

/** The number of hash slots of a Redis Cluster. */
const SLOTS = 16_384;

export interface RedisCluster {
  readonly url: string;
  readonly nodes: readonly RedisServer[];
}

/** Starts a cluster of three primaries. It ends with the test. */
export async function startCluster(): Promise<RedisCluster> {
  const nodes: RedisServer[] = [];
  for (let index = 0; index < 3; index++) {
    const options = ['--cluster-enabled', 'yes', '--dir', temporaryFolder(), '--cluster-port'];
    nodes.push(closeAfterTest(await startRedis(...options, String(await freePort()))));
  }
  for (const [index, { command }] of nodes.entries()) {
    const [first, next] = [index, index + 1].map((part) => Math.floor((part * SLOTS) / nodes.length));
    await command('cluster', 'addslotsrange', String(first), String((next ?? 0) - 1));
    for (const other of nodes) {
      const bus = await other.command('config', 'get', 'cluster-port');
      await command('cluster', 'meet', '127.0.0.1', String(other.port), bus.split('\n').at(-1) ?? '');
    }
  }
  await waitUntil(async () => {
    const states = await Promise.all(nodes.map(({ command }) => command('cluster', 'info')));
    return states.every(
      (state) => state.includes('cluster_state:ok') && state.includes('cluster_known_nodes:3'),
    );
  }, 'the cluster is complete');
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return { url: `redis+cluster://${hosts}`, nodes };
}

export interface RedisBehindSentinels {
  readonly url: string;
  readonly primary: RedisServer;
  readonly replica: RedisServer;
}

/**
 * Starts a primary, its replica, and three Sentinels that watch them. All end with the test.
 *
 * @param sentinelOptions further lines of the Sentinels' configuration
 */
export async function startSentinels(...sentinelOptions: string[]): Promise<RedisBehindSentinels> {
  const primary = closeAfterTest(await startRedis());
  const replica = closeAfterTest(await startRedis('--replicaof', `127.0.0.1 ${primary.port}`));
  await waitUntil(async () =>
    (await replica.command('info', 'replication')).includes('master_link_status:up'),
  );
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  for (const port of ports) {
    const file = join(temporaryFolder(), 'sentinel.conf');
    writeFileSync(
      file,
      [
        `port ${port}`,
        `sentinel monitor main 127.0.0.1 ${primary.port} 2`,
        'sentinel down-after-milliseconds main 500',
        'sentinel failover-timeout main 3000',
        ...sentinelOptions,
      ].join('\n'),
    );
    const sentinel = await startServer('+monitor master', [file, '--sentinel']);
    cleanUp(() => end(sentinel));
  }
  const login = sentinelOptions.find((line) => line.startsWith('requirepass '))?.split(' ')[1];
  await waitUntil(async () => {
    const words = ['sentinel', 'master', 'main'];
    const auth = login === undefined ? [] : ['-a', login, '--no-auth-warning'];
    const states = await Promise.all(ports.map((port) => redisCli('-p', String(port), ...auth, ...words)));
    return states.every((state) => /num-slaves\n1\nnum-other-sentinels\n2/.test(state));
  }, 'the Sentinels know each other and the replica');
  return {
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/main`,
    primary,
    replica,
  };
}

/** Files of an authority and of a certificate that it signed, in PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes an authority, and a certificate for 127.0.0.1. */
export function makeCertificates(): Certificates {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const newKey = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const [ca, cert] = ['ca', 'server'].map((name) => ({
    key: path(`${name}.key`),
    file: path(`${name}.crt`),
  }));
  if (ca === undefined || cert === undefined) throw new TypeError('two certificates are made');
  openssl(...newKey, '-keyout', ca.key, '-out', ca.file, '-days', '2', '-subj', '/CN=authority');
  const issued = ['-CA', ca.file, '-CAkey', ca.key, '-addext', 'basicConstraints=critical,CA:FALSE'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl(
    ...newKey,
    '-keyout',
    cert.key,
    '-out',
    cert.file,
    '-days',
    '2',
    '-subj',
    '/CN=redis',
    ...issued,
    ...names,
  );
  return { ca: ca.file, cert: cert.file, key: cert.key };
}

/** Starts a server that takes encrypted connections only, from clients that show a certificate. It ends with the test. */
export async function startTlsRedis({ ca, cert, key }: Certificates): Promise<{ readonly port: number }> {
  const port = await freePort();
  const tls = [
    '--tls-port',
    String(port),
    '--tls-ca-cert-file',
    ca,
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key,
  ];
  const options = ['--port', '0', '--save', '', '--appendonly', 'no', '--dir', temporaryFolder(), ...tls];
  const server = await startServer('Ready to accept connections', options);
  cleanUp(() => end(server));
  return { port };
}
