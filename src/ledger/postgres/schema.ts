import * as z from 'zod';
import type { Database, Statements } from './database.js';

/** Of the advisory lock that one gateway holds while it changes the tables: any number that others do not use. */
const LOCK = 3_620_117_441;
const DUPLICATE_TABLE = '42P07';
const INSUFFICIENT_PRIVILEGE = '42501';

/** How each version of the tables is made of the one before. Never change one that was released: add another. */
const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE endcase_schema (version integer NOT NULL);
INSERT INTO endcase_schema VALUES (0);

CREATE TABLE endcase_accounts (
  account_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account text NOT NULL UNIQUE
);
COMMENT ON COLUMN endcase_accounts.account IS 'the URL of QCC and a digest of QCC_KEY; sandbox: invented data';

CREATE TABLE endcase_ledger (
  account_id integer NOT NULL REFERENCES endcase_accounts,
  row_id text COLLATE "C" NOT NULL,
  started_at timestamptz NOT NULL,
  client text NOT NULL,
  operation text,
  method text NOT NULL,
  subject text NOT NULL,
  status text,
  order_number text,
  billed text NOT NULL CHECK (billed IN ('yes', 'no', 'maybe')),
  price numeric,
  latency_ms bigint NOT NULL,
  PRIMARY KEY (account_id, row_id)
);
CREATE INDEX endcase_ledger_started_at ON endcase_ledger USING brin (started_at);
CREATE INDEX endcase_ledger_order_number ON endcase_ledger USING hash (order_number);
COMMENT ON TABLE endcase_ledger IS 'one row for each attempt to call QCC';
COMMENT ON COLUMN endcase_ledger.row_id IS 'sorts by started_at';
COMMENT ON COLUMN endcase_ledger.price IS 'yuan; null: not known';

CREATE TABLE endcase_usage (
  account_id integer NOT NULL REFERENCES endcase_accounts,
  hour timestamptz NOT NULL,
  client text NOT NULL,
  operation text,
  method text NOT NULL,
  status text,
  price numeric,
  kind text NOT NULL CHECK (kind IN ('yes', 'no', 'maybe', 'cached', 'shared', 'elided')),
  calls bigint NOT NULL
);
CREATE UNIQUE INDEX endcase_usage_key ON endcase_usage (account_id, hour, kind, method, client,
  coalesce(operation, ''), coalesce(status, ''), coalesce(price, -1));
COMMENT ON TABLE endcase_usage IS 'the attempts of an hour (kind yes, no, maybe: whether QCC bills them) and the calls avoided in it';
COMMENT ON COLUMN endcase_usage.price IS 'yuan for one call; null: not known';

CREATE TABLE endcase_outboxes (
  outbox text PRIMARY KEY,
  sequence bigint NOT NULL,
  batch text NOT NULL,
  shipped_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE endcase_outboxes IS 'the latest batch of each DATA_DIR that ships to these tables';
`,
];

/** The version of the tables that this gateway reads and writes. */
const SCHEMA_VERSION = MIGRATIONS.length;

/** Tables that this gateway must not touch. No retry helps. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Creates the tables, or migrates those of an earlier version. One process does so at a time. Where they are at this
 * version, no privilege to create anything is needed.
 *
 * @throws SchemaError where the tables are of a later version, or are not the gateway's, or cannot hold Chinese text
 */
export async function prepareSchema(database: Database): Promise<void> {
  const [encoding] = await database.query('SHOW server_encoding');
  if (encoding?.server_encoding !== 'UTF8') {
    throw new SchemaError('LEDGER_URL must name a database with the encoding UTF8');
  }
  if ((await versionOf(database)) === SCHEMA_VERSION) return;
  await database
    .transaction(async (statements) => {
      await statements.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const version = await versionOf(statements);
      if (version === SCHEMA_VERSION) return;
      for (const migration of MIGRATIONS.slice(version)) await statements.query(migration);
      await statements.query('UPDATE endcase_schema SET version = $1', [SCHEMA_VERSION]);
    })
    .catch(explain);
}

/** Reads the catalogue itself: `to_regclass` may remember, past the wait for a lock, that there was no such table. */
const EXISTS = `
SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'endcase_schema' AND pg_table_is_visible(oid)) AS exists`;

/** The version of the tables; 0 if there are none. @throws SchemaError if this gateway does not know the version */
async function versionOf(statements: Statements): Promise<number> {
  const [found] = await statements.query(EXISTS);
  if (found?.exists !== true) return 0;
  const rows = await statements.query('SELECT version FROM endcase_schema');
  const version = z.tuple([z.object({ version: z.int().min(1) })]).safeParse(rows).data?.[0].version;
  if (version === undefined) {
    throw new SchemaError("LEDGER_URL must name a database whose table endcase_schema is the gateway's own");
  }
  if (version <= SCHEMA_VERSION) return version;
  throw new SchemaError(
    `LEDGER_URL must name tables of version ${SCHEMA_VERSION} or earlier, and these have version ${version}: a later gateway has migrated them. Run that version`,
  );
}

/** Explains why tables could not be made. */
function explain(error: unknown): never {
  const code = codeOf(error);
  if (code === DUPLICATE_TABLE) {
    throw new SchemaError(
      'LEDGER_URL must name a schema in which no other program has tables named endcase_…',
      { cause: error },
    );
  }
  if (code === INSUFFICIENT_PRIVILEGE) {
    throw new Error(
      'the user of LEDGER_URL must be allowed to create tables, unless they exist at the version of this gateway',
      { cause: error },
    );
  }
  throw error;
}

const failure = z.object({ code: z.string() });

/** The SQLSTATE of an error of PostgreSQL, or the code of an error of the network; empty where it has neither. */
export function codeOf(error: unknown): string {
  return failure.safeParse(error).data?.code ?? '';
}
