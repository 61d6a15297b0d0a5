import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';

const MAX_CONNECTIONS = 4;
/** Milliseconds until a connection, or the reply to a statement, counts as lost. */
const CONNECT_TIMEOUT = 5000;
const REPLY_TIMEOUT = 15_000;
/**
 * Whatever the server is configured to do: a commit is on its disk before it is acknowledged, and a client that no longer
 * answers keeps no lock.
 */
const BEGIN = `BEGIN;
SET LOCAL synchronous_commit = on;
SET LOCAL idle_in_transaction_session_timeout = '15s';
SET LOCAL lock_timeout = '10s'`;

/** A row of a result: `numeric` and `bigint` are strings, so they are exact. */
export type Record = Readonly<{ [column: string]: unknown }>;

/** Runs statements. */
export interface Statements {
  query(text: string, values?: readonly unknown[]): Promise<readonly Record[]>;
}

/** A PostgreSQL database. Every method rejects where it cannot be reached. */
export class Database implements Statements {
  readonly #pool: Pool;

  /**
   * @param url as PostgreSQL's own programs take it
   * @param onLoss called when the server ends a connection that is not in use
   * @throws Error where the URL names a file, such as `sslrootcert`, that cannot be read
   */
  constructor(url: string, onLoss: (error: Error) => void) {
    const settings = {
      connectionString: url,
      application_name: 'endcase-gateway',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      query_timeout: REPLY_TIMEOUT,
      keepAlive: true,
    };
    assertReadable(settings);
    this.#pool = new Pool({ ...settings, max: MAX_CONNECTIONS });
    this.#pool.on('error', onLoss);
  }

  async query(text: string, values: readonly unknown[] = []): Promise<readonly Record[]> {
    const { rows } = await this.#pool.query<Record>(text, [...values]);
    return rows;
  }

  /** Runs statements as one atomic step. After a failure the connection is closed, which undoes all of them. */
  async transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    // The statement that waits rejects too.
    const ignore = () => undefined;
    client.on('error', ignore);
    let isDone = false;
    try {
      await client.query(BEGIN);
      const result = await work(statementsOf(client));
      await client.query('COMMIT');
      isDone = true;
      return result;
    } finally {
      client.off('error', ignore);
      client.release(!isDone);
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function statementsOf(client: PoolClient): Statements {
  return {
    query: async (text, values = []) => (await client.query<Record>(text, [...values])).rows,
  };
}

/** A pool reads the URL when it connects. A client reads it, and the files that it names, when it is made. */
function assertReadable(settings: ClientConfig): void {
  try {
    new Client(settings);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`LEDGER_URL must name readable files: ${reason}`);
  }
}
