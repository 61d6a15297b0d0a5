import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type ReportFault, type StoreHealth, StoreUnavailable } from '../store.js';
import { isReadOnly } from './failures.js';

/** The longest that one command may take, in milliseconds. */
const COMMAND_TIMEOUT = 2000;
const RECONNECT_STEP = 50;
const MAX_RECONNECT_DELAY = 1000;

/** Every command of ioredis has a variant that returns bytes; its types leave this one out. */
interface ReturnsBytes {
  evalBuffer(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
}

/** A connection to Redis 6 or later, or Valkey. It connects in the background, and again whenever it is lost. */
export class RedisConnection {
  readonly client: Redis & ReturnsBytes;

  /**
   * @param namespace stands before every key; all keys share one hash slot
   * @param onChange called when commands can be sent, and when they no longer can
   */
  constructor(
    url: string,
    private readonly namespace: string,
    report: ReportFault,
    onChange: () => void,
  ) {
    this.client = new Redis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: COMMAND_TIMEOUT,
      enableAutoPipelining: true,
      // A primary that has become a replica: its address may lead to the new primary.
      reconnectOnError: isReadOnly,
      retryStrategy: (times) => Math.min(RECONNECT_STEP * times, MAX_RECONNECT_DELAY),
    }) as Redis & ReturnsBytes;
    let isReported = false;
    this.client.on('error', (error) => {
      if (!isReported) report('Redis cannot be reached', error);
      isReported = true;
    });
    this.client.on('close', onChange);
    this.client.on('ready', () => {
      isReported = false;
      onChange();
      this.#warnAboutEviction(report);
    });
  }

  /** A key with its namespace. */
  key(name: string): string {
    return `{${this.namespace}} ${name}`;
  }

  /**
   * Waits for a command. If this process was blocked, it first reads what has arrived, and judges the timeout after that.
   *
   * @throws StoreUnavailable after the timeout
   */
  completed<T>(command: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = async () => {
        await nextTurn();
        await nextTurn();
        reject(new StoreUnavailable(`Redis did not answer within ${COMMAND_TIMEOUT} ms`));
      };
      const timer = setTimeout(giveUp, COMMAND_TIMEOUT);
      command.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  /** Resolves where Redis answers. */
  async ping(): Promise<void> {
    await this.completed(this.client.ping());
  }

  health(): StoreHealth {
    return this.client.status === 'ready' ? 'ok' : 'degraded';
  }

  async close(): Promise<void> {
    await this.completed(this.client.quit()).catch(() => this.client.disconnect());
  }

  #warnAboutEviction(report: ReportFault): void {
    this.completed(this.client.info('memory')).then(
      (info) => {
        const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1];
        if (policy === undefined || policy === 'noeviction') return;
        report(
          `Redis may evict answers that were paid for: set maxmemory-policy to noeviction (it is ${policy})`,
          undefined,
        );
      },
      (error: unknown) => report('the maxmemory-policy of Redis could not be read', error),
    );
  }
}
