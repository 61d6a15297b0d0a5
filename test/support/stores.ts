import { parseConfig } from '../../src/config/config.js';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { RedisStore } from '../../src/store/redis/redis-store.js';
import type { RedisSettings } from '../../src/store/redis/target.js';
import { SharedStore } from '../../src/store/shared/shared-store.js';
import type { Store } from '../../src/store/store.js';
import { closeAfterTest } from './cleanup.js';
import { describeWithRedis, REDIS, type RedisServer, startRedis } from './redis.js';
import { temporaryFolder } from './temporary-folder.js';
import { waitUntil } from './wait-until.js';

/** Opens a store that shares its data with the other stores of one test that have the same namespace. */
export type OpenStore = (namespace?: string) => Promise<Store>;

export const bytes = (text: string) => Buffer.from(text);
export const textOf = (found: Uint8Array | undefined) => found && Buffer.from(found).toString();
export const later = () => Date.now() + 60_000;
/** What the stores of the current test have reported, each with its error. */
export const reports: string[] = [];
export const report = (what: string, error?: unknown) =>
  reports.push(error instanceof Error ? `${what}: ${error.stack}` : what);

beforeEach(() => {
  reports.length = 0;
});

/** How to reach the Redis at a URL, as the configuration has it. */
export function settingsOf(url: string): RedisSettings {
  const { redis } = parseConfig({ REDIS_URL: url });
  if (redis === undefined) throw new TypeError('no URL of a Redis');
  return redis;
}

/** What is reserved in counters of a group. */
export async function reservedIn(
  { counters }: Store,
  group: string,
  ...fields: string[]
): Promise<Record<string, number>> {
  return Object.fromEntries(await counters.reserved(group, fields));
}

/** The counters of a group. */
export async function countsIn({ counters }: Store, group: string): Promise<Record<string, number>> {
  return Object.fromEntries(await counters.readAll(group));
}

/** The rows of a journal, each as its key and its text. */
export async function rowsOf(store: Store, from = '', to = '\uffff'): Promise<string[]> {
  const rows: string[] = [];
  for await (const row of store.journal.rows(from, to)) rows.push(`${row.key} ${textOf(row.bytes)}`);
  return rows;
}

/** A store on a Redis, with a spool of its own. */
export function openShared(
  url: string,
  namespace: string,
  spool = new EmbeddedStore(temporaryFolder(), namespace, 'spool'),
): SharedStore {
  const shared: SharedStore = new SharedStore(
    new RedisStore(settingsOf(url), namespace, report, () => shared.check(), spool.remembered),
    spool,
    { firstSpooledKey: () => '', report, reshipInterval: 100 },
  );
  return closeAfterTest(shared);
}

/** Describes tests of every kind of store. */
export function describeStores(title: string, body: (open: OpenStore, kind: string) => void): void {
  let redis: RedisServer | undefined;
  let folder: string;
  beforeAll(async () => {
    redis = REDIS.met ? await startRedis() : undefined;
  });
  afterAll(() => redis?.close());
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const url = () => redis?.url ?? '';
  const kinds: [string, (namespace: string) => Store, (title: string, body: () => void) => void][] = [
    ['embedded', (namespace) => closeAfterTest(new EmbeddedStore(folder, namespace)), describe],
    [
      'Redis',
      (namespace) => closeAfterTest(new RedisStore(settingsOf(url()), namespace, report, () => undefined)),
      describeWithRedis,
    ],
    ['Redis with its spool', (namespace) => openShared(url(), namespace), describeWithRedis],
  ];
  for (const [kind, open, describeKind] of kinds) {
    describeKind(`${title}, ${kind},`, () => {
      body(async (namespace = `${kind} ${expect.getState().currentTestName}`) => {
        const store = open(namespace);
        await waitUntil(() => store.health() === 'ok');
        return store;
      }, kind);
    });
  }
}
