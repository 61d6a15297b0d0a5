import { type Config, parseConfig } from '../../config/config.js';
import { accountOf, storeSettings } from '../../config/store-settings.js';
import { Ledger, type LedgerReader } from '../../ledger/ledger.js';
import type { LedgerRow } from '../../ledger/row.js';
import { lmdbFolderOf, openForReading } from '../../store/open-store.js';
import { reasonOf } from '../environment-faults.js';
import { assertReadableStore, needsRecovery } from '../recover-store.js';

/**
 * Reads the ledger of the configured store, beside a gateway that may be running. Says on standard error which ledger it
 * read, and how many rows.
 *
 * @throws ConfigError with the faults of the configuration; Error if the store is damaged; StoreUnavailable if Redis cannot
 *   be reached
 */
export async function readLedger<T>(work: (ledger: LedgerReader) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env);
  const report = (message: string, error: unknown) => {
    console.error(`endcase-gateway: ${message}${error === undefined ? '' : `: ${reasonOf(error)}`}`);
  };
  const settings = storeSettings(config, Date.now, report);
  if (config.credentials === undefined) {
    console.error(
      'Warning: QCC_KEY is not set, so this is the ledger of the sandbox: its calls cost nothing',
    );
  }
  if (needsRecovery(config)) await assertReadableStore(lmdbFolderOf(settings));
  const store = await openForReading(settings);
  const place = config.redis === undefined ? lmdbFolderOf(settings) : 'Redis';
  try {
    const ledger = store && new Ledger(store.journal, config.ledgerRetention, report);
    const counted = new CountedRows(ledger);
    const result = await work(counted);
    const nothing = store ? '' : ', where no gateway has stored anything yet';
    console.error(`Ledger of ${describeAccount(config)}, in ${place}${nothing}. Rows read: ${counted.count}`);
    return result;
  } finally {
    await store?.close();
  }
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
