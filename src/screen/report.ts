import type { BudgetLeft } from './ask/budgets.js';
import type { OutcomeCounts } from './ask/company-result.js';
import { type Bill, count, describeCalls } from './bill.js';
import type { CompanyList } from './list/company-list.js';
import type { DistinctCompanies } from './list/distinct-companies.js';
import type { Plan } from './plan.js';
import type { StopReason } from './stop.js';

/** The lines that say what a screen will do. */
export function describePlan(
  list: CompanyList,
  companies: DistinctCompanies,
  plan: Plan,
  sandbox: boolean,
  budgets: readonly BudgetLeft[],
): string[] {
  const { invalidRows } = companies;
  return [
    `List: column ${list.column}, ${list.encoding}`,
    `Rows: ${count(list.rows.length)}; distinct companies: ${count(companies.size)}; invalid rows: ${count(invalidRows)}`,
    `Already cached: page 1 of ${count(Math.max(0, companies.size - plan.max))} of the ${count(companies.size)} distinct companies`,
    `To buy: ${plan.max === 0 ? 'nothing' : `at most ${describeCalls(plan.max, plan.maxAmount)}`}`,
    `Budget: ${describeBudgets(budgets)}`,
    ...(sandbox
      ? ['The data comes from the sandbox: it is invented. The bill says what QCC would charge.']
      : []),
  ];
}

/** The lines that say what the rest of a list costs, once page 1 of each company is known. */
export function describeRest(
  companies: number,
  { min, max, maxAmount }: Plan,
  details: boolean,
  budgets: readonly BudgetLeft[],
): string[] {
  const range =
    min === max ? describeCalls(max, maxAmount) : `${count(min)} to ${describeCalls(max, maxAmount)}`;
  return [
    `The rest: every case${details ? ' and its detail' : ''}; companies with cases: ${count(companies)}`,
    `To buy: ${max === 0 ? 'nothing' : range}`,
    `Budget: ${describeBudgets(budgets)}`,
  ];
}

function describeBudgets(budgets: readonly BudgetLeft[]): string {
  if (budgets.length === 0) return 'no limit known';
  const parts = budgets.map(
    ({ period, scope, left, limit }) => `${count(left)} of ${count(limit)} calls left ${period} for ${scope}`,
  );
  return parts.join('; ');
}

/** The last line of a screen that has written every row. */
export function describeEnd(counts: OutcomeCounts, bill: Bill): string {
  const { none, found, invalid, failed } = counts;
  return `Done. Rows: ${count(found)} found, ${count(none)} none, ${count(invalid)} invalid, ${count(failed)} failed. Billed: ${bill}.`;
}

/** Why the buying has ended. */
export function describeStop(reason: StopReason, maxCalls: number | undefined, bill: Bill): string {
  const why = {
    interrupted: () => 'Interrupted.',
    limit: () =>
      maxCalls === undefined
        ? 'Stopped: more answers are needed than were confirmed, because some have expired since.'
        : `Stopped: --max-calls ${maxCalls} is used up.`,
    budget: () => `Stopped: ${reason.kind === 'budget' ? reason.message : ''}`,
  }[reason.kind]();
  return `${why} Billed: ${bill}.`;
}

/** How to resume after a stop. @param command the command line that resumes */
export function describeResumption(
  out: string | undefined,
  rows: number,
  all: number,
  command: string,
): string[] {
  const where = out === undefined ? '' : ` in ${out}.part`;
  return [
    `${count(rows)} of ${count(all)} rows are done${where}. To go on, run this command; what was bought is not bought again:`,
    `  ${command}`,
  ];
}
