import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { storeSettings } from '../../config/store-settings.js';
import { Ledger } from '../../ledger/ledger.js';
import type { ShipperSettings } from '../../ledger/postgres/shipper.js';
import { DATA_FILE } from '../../store/embedded/recovery/open-mark.js';
import { openForReading, openOutbox, outboxFolderOf, type StoreSettings } from '../../store/open-store.js';
import type { ReportFault, Store } from '../../store/store.js';

/** A ledger that is read beside a gateway that may be running. */
export interface OpenLedger {
  readonly ledger: Ledger;
  close(): Promise<void>;
}

/**
 * Opens the ledger of the configured store to read it.
 *
 * @returns undefined: no gateway has stored anything yet
 * @throws StoreUnavailable if Redis or PostgreSQL cannot be reached
 */
export async function openLedger(config: Config, report: ReportFault): Promise<OpenLedger | undefined> {
  const store = await openJournal(config, report);
  if (store === undefined) return undefined;
  return {
    ledger: new Ledger(store.journal, config.ledgerRetention, report),
    close: () => store.close(),
  };
}

async function openJournal(
  config: Config,
  report: ReportFault,
): Promise<Pick<Store, 'journal' | 'close'> | undefined> {
  const settings = { ...storeSettings(config, Date.now, report), now: Date.now };
  const { ledgerUrl } = config;
  if (ledgerUrl === undefined) return openForReading(settings);
  const hasOutbox = existsSync(join(outboxFolderOf(settings), DATA_FILE));
  return hasOutbox ? openPostgres(ledgerUrl, settings) : openWithoutOutbox(ledgerUrl, settings);
}

async function openPostgres(ledgerUrl: string, settings: StoreSettings & ShipperSettings) {
  const { openPostgresForReading } = await import('../../ledger/postgres/postgres-ledger.js');
  return openPostgresForReading(ledgerUrl, openOutbox(settings), settings);
}

/** Reads PostgreSQL on a host without a gateway: nothing waits there, and nothing stays there. */
async function openWithoutOutbox(
  ledgerUrl: string,
  settings: StoreSettings & ShipperSettings,
): Promise<Pick<Store, 'journal' | 'close'>> {
  const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const postgres = await openPostgres(ledgerUrl, { ...settings, folder });
    return { journal: postgres.journal, close: () => postgres.close().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}
