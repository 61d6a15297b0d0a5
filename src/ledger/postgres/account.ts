import * as z from 'zod';
import type { Database } from './database.js';

const found = z.array(z.object({ account_id: z.int() }));

/** The id of an account in the tables. Rows of all accounts are in the same tables. @param name never changes */
export async function accountIdOf(database: Database, name: string): Promise<number> {
  // Read first: an insert uses up a number of the sequence even if the name exists.
  const read = () => database.query('SELECT account_id FROM endcase_accounts WHERE account = $1', [name]);
  const [known] = found.parse(await read());
  if (known) return known.account_id;
  await database.query('INSERT INTO endcase_accounts (account) VALUES ($1) ON CONFLICT DO NOTHING', [name]);
  const [added] = z.tuple([found.element]).parse(await read());
  return added.account_id;
}
