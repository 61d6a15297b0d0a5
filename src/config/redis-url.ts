import * as z from 'zod';
import type { RedisNode, RedisTarget } from '../store/redis/target.js';
import { WRAPPED } from './values.js';

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
/** Scheme, topology, user and password, hosts, path. A password may contain `@`. */
const URL_PARTS = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?$/i;
const HOST = /^(?:\[([\da-f:.]{2,45})\]|([\w.-]{1,253}))(?::(\d{1,5}))?$/i;

const SYNTAX =
  'must be a URL such as redis://127.0.0.1:6379, rediss://user:password@host:6380/0, redis+sentinel://host-1,host-2/master-name or redis+cluster://host-1,host-2, without blanks, line breaks or quotes';
const ESCAPE = '/, ?, #, : and % in a user or a password must be written as %2F, %3F, %23, %3A and %25';

/** Where Redis is. Fault messages never contain the value, because it holds a password. */
export const redisUrl = z.string().transform((text, context): RedisTarget => {
  const faults: string[] = [];
  const target = readTarget(text, (fault) => faults.push(fault));
  if (target && faults.length === 0) return target;
  for (const message of faults) context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function readTarget(text: string, fault: (message: string) => void): RedisTarget | undefined {
  const [, scheme, topology, login, hosts, path = ''] = (!WRAPPED.test(text) && URL_PARTS.exec(text)) || [];
  if (scheme === undefined || hosts === undefined) {
    fault(`${SYNTAX}. ${ESCAPE}`);
    return undefined;
  }
  const kind = topology?.toLowerCase();
  const nodes = readNodes(hosts, kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT, fault);
  const common = { ...readLogin(login, fault), secure: scheme.toLowerCase() === 'rediss' };
  if (kind === 'cluster') {
    if (path !== '' && path !== '0') fault('must name no database: a cluster has database 0 only');
    return { kind, nodes, ...common };
  }
  if (kind === 'sentinel') {
    const [name = '', database = '', ...rest] = path.split('/');
    const masterName = decoded(name);
    if (!masterName || rest.length > 0) {
      fault(
        'must end in the name of the primary that the Sentinels watch, as in redis+sentinel://host-1,host-2/master-name',
      );
    }
    return { kind, nodes, masterName: masterName ?? '', database: readDatabase(database, fault), ...common };
  }
  const [node = { host: '', port: REDIS_PORT }, ...others] = nodes;
  if (others.length > 0) {
    fault('must name one host. For several, write redis+sentinel:// or redis+cluster://');
  }
  return { kind: 'server', node, database: readDatabase(path, fault), ...common };
}

function readNodes(hosts: string, defaultPort: number, fault: (message: string) => void): RedisNode[] {
  const nodes = hosts.split(',').map((entry) => readNode(entry, defaultPort));
  if (nodes.includes(undefined)) {
    fault(
      'must name hosts such as redis.example.com:6379, 10.0.0.1 or [::1]:6379, with ports from 1 to 65535',
    );
  }
  return nodes.flatMap((node) => node ?? []);
}

function readNode(entry: string, defaultPort: number): RedisNode | undefined {
  const [match, address, name, digits] = HOST.exec(entry) ?? [];
  const port = digits === undefined ? defaultPort : Number(digits);
  return match !== undefined && port >= 1 && port <= 65_535
    ? { host: address ?? name ?? '', port }
    : undefined;
}

function readLogin(text: string | undefined, fault: (message: string) => void) {
  if (text === undefined || text === '') return { username: undefined, password: undefined };
  const [, user = '', secret] = /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  const [username, password] = [decoded(user), decoded(secret ?? '')];
  if (username === undefined || password === undefined) fault(`must be percent-encoded: ${ESCAPE}`);
  else if (password === '') fault('must have a password after a user, as in redis://user:password@host');
  return { username: username || undefined, password };
}

function readDatabase(text: string, fault: (message: string) => void): number {
  if (/^\d{0,9}$/.test(text)) return Number(text);
  fault('must end in the number of a database, or name none');
  return 0;
}

/** The text without its percent-encoding; undefined where that is wrong. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
