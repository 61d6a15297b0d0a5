import { CompanyCases, type CompanyResult, unread } from './company-result.js';
import type { EndCase, Window } from './documents.js';
import type { Phase } from './phase.js';
import type { WindowAnswer } from './window-answer.js';
import type { WindowAsker } from './window-asker.js';

/** What was found out about a company, with the cases that were read. */
export interface CompanyAnswer {
  readonly result: CompanyResult;
  readonly cases: readonly EndCase[];
}

/**
 * Asks about companies, as deep as the phase goes.
 *
 * @returns an answer for each search key, in their order; undefined where the screen was stopped first
 * @throws ScreenError if the gateway takes no operations
 */
export async function askCompanies(
  searchKeys: readonly string[],
  asker: WindowAsker,
  phase: Phase,
): Promise<(CompanyAnswer | undefined)[]> {
  const { first, details } = phase.depth;
  const initial = await asker.ask(searchKeys, { first, details, offset: 0 }, phase);
  const answers: (CompanyAnswer | undefined)[] = [];
  for (const [index, searchKey] of searchKeys.entries()) {
    const answer = initial[index];
    answers.push(answer && (await readOn(searchKey, answer, asker, phase)));
  }
  return answers;
}

/** Adds the further windows of a company to its first. */
async function readOn(
  searchKey: string,
  initial: WindowAnswer,
  asker: WindowAsker,
  phase: Phase,
): Promise<CompanyAnswer | undefined> {
  const { first, details, allWindows } = phase.depth;
  const company = new CompanyCases();
  const cases: EndCase[] = [];
  let answer: WindowAnswer | undefined = initial;
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    if (answer === undefined || answer.kind === 'stopped') return undefined;
    if (answer.kind === 'refused') {
      if (offset === 0) return { result: unread(answer.outcome, answer.error), cases };
      company.fail(answer.error);
      break;
    }
    cases.push(...company.add(answer.window));
    for (const { text, field } of answer.problems) company.addProblem(text, field);
    for (const failure of answer.failures) company.fail(failure);
    offset = allWindows ? company.next(offset + first) : undefined;
    if (offset !== undefined) {
      const window: Window = { first, details, offset };
      [answer] = await asker.ask([searchKey], window, phase);
    }
  }
  return { result: company.result(), cases };
}
