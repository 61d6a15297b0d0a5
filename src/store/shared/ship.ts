import type { CounterRecord } from '../embedded/counters.js';
import type { EmbeddedStore } from '../embedded/embedded-store.js';
import type { EmbeddedJournal } from '../embedded/journal.js';
import type { Row } from '../journal.js';
import type { RedisJournal } from '../redis/journal.js';
import type { RedisStore } from '../redis/redis-store.js';

const BATCH = 500;

/** Moves entries and counters from the spool to Redis, and copies the rows of the journal. */
export async function ship(spool: EmbeddedStore, redis: RedisStore): Promise<void> {
  await shipEntries(spool, redis);
  await shipCounters(spool, redis);
  await shipRows(spool.journal, redis.journal);
}

async function shipEntries(spool: EmbeddedStore, redis: RedisStore): Promise<void> {
  for await (const { key, bytes, until } of spool.entries.all()) {
    await redis.entries.put(key, bytes, until);
    await spool.entries.drop(key, bytes);
  }
}

/** If Redis fails in the middle, the counters that it did not take go back into the spool. */
async function shipCounters(spool: EmbeddedStore, redis: RedisStore): Promise<void> {
  const taken = await spool.counters.takeAll();
  const add = (store: EmbeddedStore | RedisStore, { group, field, count, until }: CounterRecord) =>
    store.counters.add(group, new Map([[field, count]]), until);
  for (let next = taken.shift(); next; next = taken.shift()) {
    try {
      await add(redis, next);
    } catch (error) {
      for (const counter of [next, ...taken]) await add(spool, counter);
      throw error;
    }
  }
}

/** Copies all rows of a spool to Redis. */
export async function shipRows(
  spool: Pick<EmbeddedJournal, 'rows' | 'row'>,
  redis: Pick<RedisJournal, 'write'>,
): Promise<void> {
  let batch: Row[] = [];
  for await (const row of spool.rows('', '\uffff')) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await shipBatch(batch, spool, redis);
    batch = [];
  }
  if (batch.length > 0) await shipBatch(batch, spool, redis);
}

/** Rows may be settled while they are shipped. Then the older version, which may have arrived last, is shipped over. */
async function shipBatch(
  batch: readonly Row[],
  spool: Pick<EmbeddedJournal, 'row'>,
  redis: Pick<RedisJournal, 'write'>,
): Promise<void> {
  for (let rows = batch; rows.length > 0; ) {
    await redis.write(rows);
    const changed: Row[] = [];
    for (const { key, bytes } of rows) {
      const row = await spool.row(key);
      if (row && !Buffer.from(row.bytes).equals(bytes)) changed.push(row);
    }
    rows = changed;
  }
}
