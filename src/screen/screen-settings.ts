import type { ClientBudget } from './ask/budgets.js';
import type { GraphClient } from './ask/graph-client.js';
import type { CompanyList } from './list/company-list.js';
import type { ProgressOutput } from './output/progress.js';
import type { RowFormat } from './output/row-file.js';
import type { Stop } from './stop.js';

export interface ScreenSettings {
  readonly list: CompanyList;
  /** Whether every case is read, and with its detail. */
  readonly cases: boolean;
  readonly details: boolean;
  /** Calls that may be billed; undefined: what is confirmed. */
  readonly maxCalls: number | undefined;
  /** The instant before which answers are too old, in milliseconds since 1970; undefined: any age will do. */
  readonly oldest: number | undefined;
  /** Undefined: standard output. */
  readonly out: string | undefined;
  readonly format: RowFormat;
  /** Whether the gateway is known to serve invented data. */
  readonly sandbox: boolean;
  /** A budget that the gateway does not show. */
  readonly ownBudget: ClientBudget | undefined;
  /** Whether to end before anything is bought. */
  readonly dryRun: boolean;
  /** The command line that resumes after a stop. */
  readonly resumption: string;
}

export interface ScreenParts {
  readonly client: GraphClient;
  readonly stop: Stop;
  /** Where progress goes. */
  readonly output: ProgressOutput;
  /** Prints a line for the user. */
  readonly print: (line: string) => void;
  readonly confirm: (question: string) => Promise<boolean>;
}

/** How a screen ended. `findings`: there are invalid or failed rows. */
export type ScreenEnd = 'done' | 'findings' | 'declined' | 'limit' | 'interrupted';
