import { resumptionOf } from '../../src/screen/resumption.js';

describe('the command that goes on with a screen', () => {
  it('names every option again, quoted for a shell, and the age as an instant', () => {
    const maxAge = Date.UTC(2026, 10, 24, 8);
    const command = resumptionOf("客户 '24.csv", {
      column: '企业名称',
      cases: true,
      maxCalls: 10,
      maxAge,
      out: 'out.jsonl',
      format: 'jsonl',
      url: 'http://127.0.0.1:4000/graphql',
      keyFile: 'key',
      yes: true,
    });
    expect(command).toBe(
      "endcase-gateway screen '客户 '\\''24.csv' --column '企业名称' --max-calls 10 --max-age 2026-11-24T08:00:00.000Z --out out.jsonl --format jsonl --url http://127.0.0.1:4000/graphql --key-file key --cases --yes",
    );
  });

  it('leaves out what was not given', () => {
    expect(resumptionOf('a.csv', { format: 'csv' })).toBe('endcase-gateway screen a.csv');
  });
});
