import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { routers } from './routers.mjs';
import { startAll } from './start.mjs';

const ACROSS = `query Risk { registered(name: "公司") {
  name riskLevel newest: endCases(first: 3) { totalCount nodes { caseNo court detail { certificateNo } } } } }`;
const BACK = `{ company(searchKey: "7629d57f18b20b1927ea4ee5366bfde3") { name riskLevel hasEndCases } }`;

for (const name of Object.keys(routers)) {
  describe(`a supergraph behind ${name}`, () => {
    let all;
    let folder;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'endcase-supergraph-'));
      all = await startAll(name, { env: { DATA_DIR: folder } });
    });
    after(async () => {
      await all?.close();
      rmSync(folder, { recursive: true });
    });
    const ask = async (query, headers = {}) => {
      const response = await fetch(all.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'apollo-require-preflight': '1', ...headers },
        body: JSON.stringify({ query }),
      });
      return { ...(await response.json()), billed: Number(response.headers.get('x-cost-billed')) };
    };

    it('passes a dry run down, which costs nothing', async () => {
      const { errors, billed } = await ask(ACROSS, { 'x-cost-dry-run': '1' });
      assert.equal(errors[0].extensions.code, 'DRY_RUN');
      assert.equal(billed, 0);
    });

    it('tells of companies what both subgraphs know, and buys each answer once', async () => {
      const { data, errors, billed } = await ask(ACROSS);
      assert.equal(errors, undefined);
      const [sample, none] = data.registered;
      assert.equal(sample.name, '浙江省临海标准件工业公司');
      assert.equal(sample.riskLevel, 'HIGH');
      assert.equal(sample.newest.totalCount, 99);
      assert.equal(sample.newest.nodes[0].detail.certificateNo, '14796919-0');
      assert.ok(['LOW', 'ELEVATED', 'HIGH'].includes(none.riskLevel));
      const lists = data.registered.length;
      const details = data.registered.reduce((sum, { newest }) => sum + newest.nodes.length, 0);
      // @requires asks for twenty rows, the query for three of them: one page does for both.
      assert.equal(billed, lists + details);
      const again = await ask(ACROSS);
      assert.deepEqual([again.data, again.billed], [data, 0]);
    });

    it('goes from a case graph to the register', async () => {
      const { data, errors } = await ask(BACK);
      assert.equal(errors, undefined);
      assert.deepEqual(data.company, {
        name: '浙江省临海标准件工业公司',
        riskLevel: 'HIGH',
        hasEndCases: true,
      });
    });
  });
}
