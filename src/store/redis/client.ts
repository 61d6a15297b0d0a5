import { Cluster, Redis } from 'ioredis';
import { isReadOnly } from './failures.js';
import type { RedisNode, RedisSettings, RedisTarget } from './target.js';

/** The longest that one command may take, in milliseconds. */
export const COMMAND_TIMEOUT = 2000;
/** How long a connection may take to close, in milliseconds. ioredis waits this long for one that is lost already, too. */
const DISCONNECT_TIMEOUT = 100;
const RECONNECT_STEP = 50;
const MAX_RECONNECT_DELAY = 1000;
/** How often the nodes of a cluster are asked which of them has which keys, in milliseconds. */
const SLOTS_REFRESH_INTERVAL = 2000;

/** Every command of ioredis has a variant that returns bytes; its types leave this one out. */
interface ReturnsBytes {
  evalBuffer(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
}

export type RedisClient = (Redis | Cluster) & ReturnsBytes;

const retryStrategy = (times: number) => Math.min(RECONNECT_STEP * times, MAX_RECONNECT_DELAY);

/** Connects in the background, and again whenever the connection is lost. No command waits for a connection. */
export function createClient(settings: RedisSettings): RedisClient {
  const { target } = settings;
  const options = optionsFor(settings);
  switch (target.kind) {
    case 'cluster':
      return withBytes(clusterOf(target.nodes, options));
    case 'sentinel':
      return withBytes(behindSentinels(target, options));
    case 'server':
      return withBytes(new Redis({ ...options, ...alone(target.database), ...target.node }));
  }
}

type Options = ReturnType<typeof optionsFor>;

function optionsFor({ target, tls }: RedisSettings) {
  return {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.secure ? { tls: { ...tls } } : {}),
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: COMMAND_TIMEOUT,
    disconnectTimeout: DISCONNECT_TIMEOUT,
    // A primary that has become a replica: its address may lead to the new primary.
    reconnectOnError: isReadOnly,
  };
}

function alone(database: number) {
  return { db: database, enableOfflineQueue: false, enableAutoPipelining: true, retryStrategy };
}

function clusterOf(nodes: readonly RedisNode[], redisOptions: Options): Cluster {
  return new Cluster([...nodes], {
    redisOptions,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    clusterRetryStrategy: retryStrategy,
    clusterNodeRetryStrategy: retryStrategy,
    slotsRefreshTimeout: COMMAND_TIMEOUT,
    slotsRefreshInterval: SLOTS_REFRESH_INTERVAL,
    // A command may have been executed before its connection was lost: it is not sent again.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Certificates have the names of nodes, so names stay what they are.
    dnsLookup: (host, callback) => callback(null, host),
  });
}

/** A client that follows a failover. Sentinels that ask for a user and a password get those of Redis. */
function behindSentinels(target: RedisTarget & { readonly kind: 'sentinel' }, options: Options): Redis {
  const client = new Redis({
    ...options,
    ...alone(target.database),
    sentinels: [...target.nodes],
    name: target.masterName,
    failoverDetector: true,
    enableTLSForSentinelMode: target.secure,
    ...(options.tls ? { sentinelTLS: options.tls } : {}),
    sentinelCommandTimeout: COMMAND_TIMEOUT,
    sentinelRetryStrategy: retryStrategy,
  });
  client.on('sentinelError', ({ message }: Error) => {
    if (!message.includes('NOAUTH') || target.password === undefined) return;
    client.options.sentinelUsername = target.username;
    client.options.sentinelPassword = target.password;
  });
  return client;
}

/** The types of ioredis leave out what `ReturnsBytes` has. */
function withBytes(client: Redis | Cluster): RedisClient {
  return client as RedisClient;
}
