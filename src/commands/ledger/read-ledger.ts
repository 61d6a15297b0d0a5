import { type Config, parseConfig } from '../../config/config.js';
import { accountOf, describeDatabase, storeSettings } from '../../config/store-settings.js';
import type { LedgerReader } from '../../ledger/ledger.js';
import type { LedgerRow } from '../../ledger/row.js';
import { lmdbFolderOf } from '../../store/open-store.js';
import { reasonOf } from '../environment-faults.js';
import { assertReadableStores } from '../recover-store.js';
import { openLedger } from './open-ledger.js';

/**
 * Reads the ledger of the configured store, beside a gateway that may be running. Says on standard error which ledger it
 * read, and how many rows.
 *
 * @throws ConfigError with the faults of the configuration; Error if the store is damaged; StoreUnavailable if Redis or
 *   PostgreSQL cannot be reached
 */
export async function readLedger<T>(work: (ledger: LedgerReader) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env);
  const report = (message: string, error: unknown) => {
    console.error(`endcase-gateway: ${message}${error === undefined ? '' : `: ${reasonOf(error)}`}`);
  };
  if (config.credentials === undefined) {
    console.error(
      'Warning: QCC_KEY is not set, so this is the ledger of the sandbox: its calls cost nothing',
    );
  }
  await assertReadableStores(config);
  const opened = await openLedger(config, report);
  try {
    const counted = new CountedRows(opened?.ledger);
    const result = await work(counted);
    const nothing = opened ? '' : ', where no gateway has stored anything yet';
    console.error(
      `Ledger of ${describeAccount(config)}, in ${placeOf(config)}${nothing}. Rows read: ${counted.count}`,
    );
    return result;
  } finally {
    await opened?.close();
  }
}

function placeOf(config: Config): string {
  if (config.ledgerUrl !== undefined) return describeDatabase(config.ledgerUrl);
  return config.redis === undefined
    ? lmdbFolderOf(storeSettings(config, Date.now, () => undefined))
    : 'Redis';
}

function describeAccount(config: Config): string {
  const account = accountOf(config);
  return account === undefined
    ? 'the sandbox'
    : `account ${account} (a digest of QCC_KEY) at ${config.baseUrl}`;
}

/** Counts the rows that it gives. */
class CountedRows implements LedgerReader {
  count = 0;

  /** @param ledger undefined: there are no rows */
  constructor(private readonly ledger: LedgerReader | undefined) {}

  async *rows(from: number, to: number): AsyncIterable<LedgerRow> {
    if (this.ledger === undefined) return;
    for await (const row of this.ledger.rows(from, to)) {
      this.count += 1;
      yield row;
    }
  }
}
