import { type BudgetLeft, type ClientBudget, readBudgets } from './ask/budgets.js';
import { CallLimit } from './ask/call-limit.js';
import type { GraphClient } from './ask/graph-client.js';
import { ALL_CASES, ALL_DETAILS, type Depth, FIRST_PAGE, type Phase } from './ask/phase.js';
import { WindowAsker } from './ask/window-asker.js';
import { Bill, describeCalls } from './bill.js';
import type { CompanyList } from './list/company-list.js';
import { DistinctCompanies } from './list/distinct-companies.js';
import { Progress, type ProgressOutput } from './output/progress.js';
import { ResultFiles } from './output/result-files.js';
import type { RowFormat } from './output/row-file.js';
import { type Plan, Planner } from './plan.js';
import { describeEnd, describePlan, describeRest, describeResumption, describeStop } from './report.js';
import { Screening } from './screening.js';
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
  /** The command line that goes on after a stop. */
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

/**
 * Screens a list of companies: says what it may bill, asks for confirmation, buys, and writes a row for each company.
 *
 * @throws ScreenError if the gateway or the output does not allow it
 */
export async function screen(settings: ScreenSettings, parts: ScreenParts): Promise<ScreenEnd> {
  return new Screen(settings, parts).run();
}

class Screen {
  readonly #bill = new Bill();
  readonly #companies: DistinctCompanies;
  readonly #planner: Planner;
  readonly #screening: Screening;
  /** Whether the data is invented. */
  #sandbox: boolean;

  constructor(
    private readonly settings: ScreenSettings,
    private readonly parts: ScreenParts,
  ) {
    const { list, oldest, sandbox } = settings;
    const { client, stop } = parts;
    this.#sandbox = sandbox;
    this.#companies = new DistinctCompanies(list.rows);
    this.#planner = new Planner(client, stop, oldest);
    this.#screening = new Screening(list, this.#companies, new WindowAsker(client, stop, oldest), stop);
  }

  async run(): Promise<ScreenEnd> {
    const { list, cases, dryRun } = this.settings;
    const plan = await this.#planner.firstPages([...this.#companies].map(({ searchKey }) => searchKey));
    if (this.parts.stop.reason) return this.#declined();
    this.#sandbox ||= plan.sandbox;
    this.#print(describePlan(list, this.#companies, plan, this.#sandbox, await this.#budgets()));
    if (cases)
      this.#print(['Page 1 of each company comes first. The cost of the rest is then known, and confirmed.']);
    if (dryRun || !(await this.#confirms(plan))) return this.#declined();
    const files = await ResultFiles.open(this.settings);
    try {
      return await this.#buy(plan, files);
    } catch (error) {
      this.#print(this.#resumption(files));
      throw error;
    } finally {
      await files.close({ isWhole: files.rows === list.rows.length });
    }
  }

  async #buy(plan: Plan, files: ResultFiles): Promise<ScreenEnd> {
    const { cases, details } = this.settings;
    const { stop } = this.parts;
    if (!cases) return this.#write(FIRST_PAGE, plan.max, files);
    const totals = await this.#during('Page 1', (progress) =>
      this.#screening.firstPages(this.#phase(FIRST_PAGE, plan.max), progress),
    );
    const depth = details ? ALL_DETAILS : ALL_CASES;
    if (stop.reason) return this.#stopped(files);
    const rest = await this.#planner.allWindows(totals, depth);
    if (stop.reason) return this.#stopped(files);
    this.#print(describeRest(totals.size, rest, details, await this.#budgets()));
    if (await this.#confirms(rest)) return this.#write(depth, rest.max, files);
    if (stop.reason) return this.#stopped(files);
    // Page 1 is held and paid for.
    await this.#write(FIRST_PAGE, 0, files);
    return this.#declined();
  }

  /** Asks and writes. @param calls what it may buy */
  async #write(depth: Depth, calls: number, files: ResultFiles): Promise<ScreenEnd> {
    await this.#during(depth.allWindows ? 'Cases' : 'Page 1', async (progress) => {
      const rows = this.#screening.rows(this.#phase(depth, calls), progress);
      for await (const screened of rows) await files.write(screened, this.#sandbox);
    });
    if (files.rows < this.settings.list.rows.length) return this.#stopped(files);
    const { tally } = files;
    this.#print([describeEnd(tally, this.#bill)]);
    return tally.invalid + tally.failed > 0 ? 'findings' : 'done';
  }

  /** Nothing was bought, or nothing more than page 1. */
  #declined(): ScreenEnd {
    const isInterrupted = this.parts.stop.reason !== undefined;
    if (isInterrupted) this.#print([`Interrupted. Billed: ${this.#bill}.`]);
    else if (!this.settings.dryRun) this.#print([`Declined. Billed: ${this.#bill}.`]);
    return isInterrupted ? 'interrupted' : 'declined';
  }

  #stopped(files: ResultFiles): ScreenEnd {
    const reason = this.parts.stop.reason ?? { kind: 'interrupted' };
    this.#print([describeStop(reason, this.settings.maxCalls, this.#bill), ...this.#resumption(files)]);
    return reason.kind === 'interrupted' ? 'interrupted' : 'limit';
  }

  #resumption({ rows }: ResultFiles): string[] {
    const { list, out, resumption } = this.settings;
    return describeResumption(out, rows, list.rows.length, resumption);
  }

  /** A phase buys no more than was confirmed for it, nor more than `--max-calls` leaves. */
  #phase(depth: Depth, calls: number): Phase {
    return { depth, bill: this.#bill, limit: new CallLimit(Math.min(calls, this.#left)) };
  }

  /** What `--max-calls` leaves. */
  get #left(): number {
    const { maxCalls } = this.settings;
    return maxCalls === undefined ? Number.POSITIVE_INFINITY : Math.max(0, maxCalls - this.#bill.calls);
  }

  async #during<T>(name: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    const progress = new Progress(name, this.#companies.size, this.#bill, this.parts.output);
    try {
      return await work(progress);
    } finally {
      progress.close();
    }
  }

  #confirms({ max, maxAmount }: Plan): Promise<boolean> {
    const isLimited = this.#left < max;
    const most = isLimited ? describeCalls(this.#left, undefined) : describeCalls(max, maxAmount);
    return this.parts.confirm(`Buy at most ${most}? [y/N] `);
  }

  #budgets(): Promise<BudgetLeft[]> {
    return readBudgets(this.parts.client, this.settings.ownBudget);
  }

  #print(lines: readonly string[]): void {
    for (const line of lines) this.parts.print(line);
  }
}
