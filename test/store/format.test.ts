import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { open } from 'lmdb';
import { decode, encode } from '../../src/cache/entry.js';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js';
import { bytes, countsIn, rowsOf } from '../support/stores.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A store that this version wrote. `WRITE_STORE_FIXTURE=1 npx jest test/store/format.test.ts` writes it again. */
const FIXTURE = join(__dirname, 'embedded-store.mdb.gz');
const RECEIVED_AT = 1_800_000_000_000;
const UNTIL = 4_000_000_000_000;
const ANSWER = {
  kind: 'answer',
  data: { total: 1 },
  status: '200',
  orderNumber: 'order',
  receivedAt: RECEIVED_AT,
} as const;
const LABEL = { group: 'usage 000500000', field: '["client"]', until: UNTIL };

async function write(folder: string): Promise<void> {
  const store = new EmbeddedStore(folder, 'n');
  await store.entries.put('exact a', encode(ANSWER), UNTIL, RECEIVED_AT);
  await store.counters.add('budget 2027-01-01', new Map([['all', 3]]), UNTIL);
  await store.journal.append({ key: '1', bytes: bytes('row'), label: LABEL });
  await store.close();
}

/** Every record of a store but those of leases, which name a process. */
async function recordsIn(folder: string) {
  const root = open({ path: folder, maxDbs: 12 });
  const names = [...root.getKeys()].map(String).filter((name) => name !== 'leases');
  const records = names.flatMap((name) =>
    [...root.openDB<Buffer>({ name, encoding: 'binary' }).getRange()].map(({ key, value }) => ({
      name,
      key,
      value: value.toString('latin1'),
    })),
  );
  await root.close();
  return records;
}

function unpackFixture(): string {
  const folder = join(temporaryFolder(), 'store');
  mkdirSync(folder);
  writeFileSync(join(folder, 'data.mdb'), gunzipSync(readFileSync(FIXTURE)));
  return folder;
}

describe('the format of the embedded store', () => {
  if (process.env.WRITE_STORE_FIXTURE !== undefined) {
    it('is written to the fixture', async () => {
      const folder = temporaryFolder();
      await write(folder);
      writeFileSync(FIXTURE, gzipSync(readFileSync(join(folder, 'data.mdb')), { level: 9 }));
    });
  }

  it('is that of the fixture. After a change, raise the version in the name of its database or in its header', async () => {
    const folder = temporaryFolder();
    await write(folder);
    expect(await recordsIn(folder)).toEqual(await recordsIn(unpackFixture()));
  });

  it('is read from the fixture', async () => {
    const store = new EmbeddedStore(unpackFixture(), 'n');
    const entry = await store.entries.get('exact a');
    expect(entry && decode(entry)).toEqual(ANSWER);
    expect(await countsIn(store, 'budget 2027-01-01')).toEqual({ all: 3 });
    expect(await countsIn(store, LABEL.group)).toEqual({ [LABEL.field]: 1 });
    expect(await rowsOf(store)).toEqual(['1 row']);
    await store.close();
  });
});
