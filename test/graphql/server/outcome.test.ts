import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeOf } from '../../../src/graphql/server/outcome.js';

/** The codes of docs/errors.md, by the heading of their table. */
const CODES = new Map<string, string[]>();
let heading = '';
for (const line of readFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8').split('\n')) {
  heading = /^## (.*)/.exec(line)?.[1] ?? heading;
  const code = /^\| `([A-Z_]+)` \|/.exec(line)?.[1];
  if (code !== undefined) CODES.set(heading, [...(CODES.get(heading) ?? []), code]);
}
/** The codes of a table with the outcome of an operation that has this error and no answer. */
const outcomesIn = (table: string) =>
  Object.fromEntries((CODES.get(table) ?? []).map((code) => [code, outcomeOf([code], false)]));

describe('the outcome of an operation', () => {
  it.each(['The request', 'Access'])('is never failed for an error about %s', (table) => {
    const outcomes = Object.entries(outcomesIn(table));
    expect(outcomes.length).toBeGreaterThan(1);
    for (const [code, outcome] of outcomes) {
      const expected = code === 'PERSISTED_QUERY_NOT_FOUND' ? 'persisted_query_not_found' : 'client_error';
      expect([code, outcome]).toEqual([code, expected]);
    }
  });

  it('is failed where a budget is spent, and not where the client asks for too much or for an estimate', () => {
    expect(outcomesIn('Money')).toEqual({
      DRY_RUN: 'dry_run',
      COST_LIMIT_EXCEEDED: 'client_error',
      RESULT_TOO_LARGE: 'client_error',
      BUDGET_EXCEEDED: 'failed',
    });
  });

  it.each(['Load and health', 'QCC'])('is failed for an error about %s', (table) => {
    const others = Object.entries(outcomesIn(table)).filter(([, outcome]) => outcome !== 'failed');
    // The client has gone, or asks for rows beyond the last.
    const known = { 'Load and health': ['CANCELLED'], QCC: ['UPSTREAM_LIMIT_EXCEEDED'] }[table];
    expect(others).toEqual(known?.map((code) => [code, 'client_error']));
  });

  it('is partial if something was answered, and the client cannot mend all errors', () => {
    expect(outcomeOf([], true)).toBe('ok');
    expect(outcomeOf(['FORBIDDEN', 'UPSTREAM_TIMEOUT'], true)).toBe('partial');
    expect(outcomeOf(['FORBIDDEN', 'UPSTREAM_TIMEOUT'], false)).toBe('failed');
    expect(outcomeOf(['FORBIDDEN', 'BAD_USER_INPUT'], true)).toBe('client_error');
  });
});
