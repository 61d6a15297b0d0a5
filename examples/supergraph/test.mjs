import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { routers } from './routers.mjs';
import { startAll } from './start.mjs';

const FROM_REGISTER = `query Risk { registered(name: "公司") {
  name riskLevel newest: endCases(first: 3) { totalCount nodes { caseNo court detail { certificateNo } } } } }`;
const FROM_CASES = `{ company(searchKey: "7629d57f18b20b1927ea4ee5366bfde3") { name riskLevel hasEndCases } }`;

const START = fileURLToPath(new URL('start.mjs', import.meta.url));

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
    const query = async (operation, headers = {}) => {
      const response = await fetch(all.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'apollo-require-preflight': '1', ...headers },
        body: JSON.stringify({ query: operation }),
      });
      return { ...(await response.json()), billed: Number(response.headers.get('x-cost-billed')) };
    };

    it('forwards a dry run, which costs nothing', async () => {
      const { errors, billed } = await query(FROM_REGISTER, { 'x-cost-dry-run': '1' });
      assert.equal(errors[0].extensions.code, 'DRY_RUN');
      assert.equal(billed, 0);
    });

    it('joins both subgraphs by company, and buys each answer once', async () => {
      const { data, errors, billed } = await query(FROM_REGISTER);
      assert.equal(errors, undefined);
      const [sample, none] = data.registered;
      assert.equal(sample.name, '浙江省临海标准件工业公司');
      assert.equal(sample.riskLevel, 'HIGH');
      assert.equal(sample.newest.totalCount, 99);
      assert.equal(sample.newest.nodes[0].detail.certificateNo, '14796919-0');
      assert.ok(['LOW', 'ELEVATED', 'HIGH'].includes(none.riskLevel));
      const lists = data.registered.length;
      const details = data.registered.reduce((sum, { newest }) => sum + newest.nodes.length, 0);
      // @requires needs twenty rows and the query three of them: one page serves both.
      assert.equal(billed, lists + details);
      const again = await query(FROM_REGISTER);
      assert.deepEqual([again.data, again.billed], [data, 0]);
    });

    it('extends a company of the cases with fields of the register', async () => {
      const { data, errors } = await query(FROM_CASES);
      assert.equal(errors, undefined);
      assert.deepEqual(data.company, {
        name: '浙江省临海标准件工业公司',
        riskLevel: 'HIGH',
        hasEndCases: true,
      });
    });

    it('ends both subgraphs on SIGTERM', async (test) => {
      const child = spawn(process.execPath, [START, name], {
        env: { ...process.env, ROUTER_PORT: '0', DATA_DIR: join(folder, 'signal') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      test.after(() => child.kill('SIGKILL'));
      let output = '';
      for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
        output += chunk;
        if (/subgraphs .*\n/.test(output)) break;
      }
      child.stdout.resume();
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      assert.deepEqual(await exit, [0, null]);
      const urls = output.match(/http:[^\s,]+/g);
      assert.equal(urls.length, 3, output);
      for (const url of urls) await assert.rejects(fetch(url), /fetch failed/);
    });
  });
}
