import { setImmediate as nextTurn } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { type ReportFault, type StoreHealth, StoreUnavailable } from '../store.js';
import { COMMAND_TIMEOUT, createClient, type RedisClient } from './client.js';
import { isReply, isWriteRefusal } from './failures.js';
import { handshakeFailure } from './handshake.js';
import { PROBE } from './scripts/row-scripts.js';
import { settingsFault } from './settings-faults.js';
import type { RedisSettings } from './target.js';

/** A connection to Redis 6.2 or later, or Valkey. It connects in the background, and again whenever it is lost. */
export class RedisConnection {
  readonly client: RedisClient;
  #settingsFault: string | undefined;
  /** Whether a handshake is under way that shows why the server ends connections. */
  #isExplaining = false;
  /** Whether the server refused a command with which a connection begins, such as SELECT: ioredis continues after some. */
  #isRefused = false;
  /** What was reported since the connection last worked. */
  readonly #reported = new Set<string>();

  /**
   * @param namespace prefix of every key; all keys share one hash slot
   * @param onChange called when commands can be sent, and when they no longer can
   */
  constructor(
    private readonly settings: RedisSettings,
    private readonly namespace: string,
    private readonly report: ReportFault,
    onChange: () => void,
  ) {
    this.client = createClient(settings);
    this.#watchErrors();
    this.client.on('close', onChange);
    this.client.on('ready', () => {
      onChange();
      void this.#warnAboutServer();
    });
  }

  /** What is wrong with the settings, so that Redis cannot be used; undefined while nothing shows that. */
  get settingsFault(): string | undefined {
    return this.#settingsFault;
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

  /**
   * Resolves where Redis does all that the gateway needs, if it takes writes at present.
   *
   * @throws Error where it cannot be used
   */
  async verify(): Promise<void> {
    try {
      await this.completed(this.client.eval(PROBE, 1, this.key('probe')));
    } catch (error) {
      if (!isWriteRefusal(error)) throw error;
    }
    this.#settingsFault = undefined;
    this.#reported.clear();
  }

  /** Reports why Redis cannot be used: each reason once until it can. */
  explain(error: unknown): void {
    const fault = settingsFault(error);
    this.#settingsFault ??= fault;
    const message = fault ?? 'Redis cannot be reached';
    if (!this.#reported.has(message)) this.report(message, fault === undefined ? error : undefined);
    this.#reported.add(message);
  }

  /** Asks a server that ends encrypted connections for the reason. */
  async #explainHandshake(): Promise<void> {
    const { target, tls } = this.settings;
    const [node] = target.kind === 'server' ? [target.node] : target.nodes;
    if (!target.secure || node === undefined || this.#isExplaining || this.#settingsFault) return;
    this.#isExplaining = true;
    const failure = await handshakeFailure(node, tls);
    this.#isExplaining = false;
    if (settingsFault(failure) !== undefined) this.explain(failure);
  }

  health(): StoreHealth {
    return this.client.status === 'ready' && !this.#isRefused ? 'ok' : 'degraded';
  }

  async close(): Promise<void> {
    await this.completed(this.client.quit()).catch(() => undefined);
    // The connections to Sentinels stay open until then.
    this.client.disconnect();
  }

  #watchErrors(): void {
    let fromSentinel: Error | undefined;
    this.client.on('sentinelError', (error: Error) => {
      fromSentinel = error;
    });
    this.client.on('connect', () => {
      this.#isRefused = false;
    });
    this.client.on('error', (error: Error) => {
      this.#isRefused ||= isReply(error);
      const isAboutSentinels = error.message.startsWith('All sentinels');
      this.explain(isAboutSentinels ? (fromSentinel ?? error) : error);
      if (/ECONNRESET|EPIPE/.test(error.message)) void this.#explainHandshake();
    });
  }

  /** Warns about what makes a server lose data, or keeps this client from using it for good. */
  async #warnAboutServer(): Promise<void> {
    const { client, settings } = this;
    try {
      const nodes = client instanceof Cluster ? client.nodes('master') : [client];
      for (const info of await this.completed(Promise.all(nodes.map((node) => node.info())))) {
        this.#warnAboutEviction(info);
        if (settings.target.kind !== 'cluster' && /redis_mode:cluster/.test(info)) {
          this.report(
            'REDIS_URL leads to one node of a Redis Cluster: begin it with redis+cluster:// or rediss+cluster://. Otherwise the gateway loses Redis when its keys move to another node',
            undefined,
          );
        }
      }
    } catch (error) {
      this.report('the maxmemory-policy of Redis could not be read (INFO)', error);
    }
  }

  #warnAboutEviction(info: string): void {
    const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1];
    if (policy === undefined || policy === 'noeviction') return;
    this.report(
      `Redis may evict leases and answers that were paid for: set maxmemory-policy to noeviction (it is ${policy})`,
      undefined,
    );
  }
}
