import { type BudgetLeft, readBudgets } from './ask/budgets.js';
import { CallLimit } from './ask/call-limit.js';
import { ALL_CASES, ALL_DETAILS, type Depth, FIRST_PAGE, type Phase } from './ask/phase.js';
import { WindowAsker } from './ask/window-asker.js';
import { Bill, describeCalls } from './bill.js';
import { DistinctCompanies } from './list/distinct-companies.js';
import { Progress } from './output/progress.js';
import { ResultFiles } from './output/result-files.js';
import { countWindows, type Plan, Planner } from './plan.js';
import { describeEnd, describePlan, describeRest, describeResumption, describeStop } from './report.js';
import type { ScreenEnd, ScreenParts, ScreenSettings } from './screen-settings.js';
import { Screening } from './screening.js';

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
    const keys = [...this.#companies].map(({ searchKey }) => searchKey);
    const plan = await this.#during('Estimate', keys.length, 'companies', (progress) =>
      this.#planner.firstPages(keys, progress),
    );
    if (this.parts.stop.reason) return this.#declined();
    this.#sandbox ||= plan.sandbox;
    this.#print(describePlan(list, this.#companies, plan, this.#sandbox, await this.#budgets()));
    if (cases)
      this.#print([
        'Page 1 of each company comes first. Then the cost of the rest is known, and you are asked again.',
      ]);
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
    const totals = await this.#during('Page 1', this.#companies.size, 'companies', (progress) =>
      this.#screening.firstPages(this.#phase(FIRST_PAGE, plan.max), progress),
    );
    const depth = details ? ALL_DETAILS : ALL_CASES;
    if (stop.reason) return this.#stopped(files);
    const rest = await this.#during('Estimate', countWindows(totals, depth), 'windows', (progress) =>
      this.#planner.allWindows(totals, depth, progress),
    );
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
    const name = depth.allWindows ? 'Cases' : 'Page 1';
    await this.#during(name, this.#companies.size, 'companies', async (progress) => {
      const rows = this.#screening.rows(this.#phase(depth, calls), progress);
      for await (const screened of rows) await files.write(screened, this.#sandbox);
    });
    if (files.rows < this.settings.list.rows.length) return this.#stopped(files);
    const { counts } = files;
    this.#print([describeEnd(counts, this.#bill)]);
    return counts.invalid + counts.failed > 0 ? 'findings' : 'done';
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

  async #during<T>(
    name: string,
    total: number,
    unit: string,
    work: (progress: Progress) => Promise<T>,
  ): Promise<T> {
    const progress = new Progress(name, total, unit, this.#bill, this.parts.output);
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
