import { runToEnd } from '../support/process.js';

describe('the command schema', () => {
  it('prints the schema, with or without root fields', async () => {
    const whole = await runToEnd({}, 'schema');
    expect([whole.code, whole.output]).toEqual([0, expect.stringContaining('type EndCaseConnection')]);
    expect(whole.output).toContain('type Query');
    const entities = await runToEnd({}, 'schema', '--entities-only');
    expect([entities.code, entities.output]).toEqual([0, expect.stringContaining('type EndCaseConnection')]);
    expect(entities.output).not.toContain('type Query');
  });
});
