import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { printSchema } from 'graphql';
import { compose, composeForCosmo } from './compose.mjs';
import { FORWARDED_HEADERS, routers } from './routers.mjs';
import { MAIN, startAll } from './start.mjs';

const FROM_REGISTER = `query Risk { registered(name: "公司") {
  name riskLevel newest: endCases(first: 3) { totalCount nodes { caseNo court detail { certificateNo } } } } }`;
const FROM_CASES = `{ company(searchKey: "7629d57f18b20b1927ea4ee5366bfde3") { name riskLevel hasEndCases } }`;

const START = fileURLToPath(new URL('start.mjs', import.meta.url));
const URLS = { cases: 'http://127.0.0.1/cases', registry: 'http://127.0.0.1/registry' };
const [ROUTER, OPERATOR] = ['key-of-the-router', 'key-of-an-operator'];
const digest = (key) => createHash('sha256').update(key).digest('hex');
const AUTH_API_KEYS = [
  `router:${digest(ROUTER)}:clients:delegate+endcases:pii`,
  `operator:${digest(OPERATOR)}:usage:read`,
].join(',');

describe('the SDL of the gateway', () => {
  for (const options of [
    [],
    ['--router-scopes'],
    ['--entities-only'],
    ['--entities-only', '--router-scopes'],
  ]) {
    const command = ['schema', ...options].join(' ');
    it(`is composed with that of the register, by the tools of Apollo and of Cosmo: ${command}`, () => {
      const sdl = execFileSync(process.execPath, [MAIN, 'schema', ...options], { encoding: 'utf8' });
      for (const schema of [compose(URLS, sdl), printSchema(composeForCosmo(URLS, sdl))]) {
        assert.match(schema, /^type EndCaseConnection/m);
        assert.match(schema, /riskLevel: RiskLevel/);
      }
    });
  }
});

describe('the example', () => {
  it('ends the gateway that it is starting on SIGTERM', async (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'endcase-supergraph-'));
    const child = spawn(process.execPath, [START], {
      env: { ...process.env, ROUTER_PORT: '0', DATA_DIR: folder },
      stdio: 'ignore',
    });
    test.after(() => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    });
    const exit = once(child, 'exit');
    let gateway = '';
    while (gateway === '') {
      await sleep(20);
      gateway = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    }
    child.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
    assert.equal(existsSync(`/proc/${gateway}`), false);
  });
});

for (const name of Object.keys(routers)) {
  describe(`a supergraph behind ${name}`, () => {
    let all;
    let folder;
    /** The headers of the requests that the register has got. */
    const received = [];
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'endcase-supergraph-'));
      all = await startAll(name, {
        env: { DATA_DIR: folder, AUTH_API_KEYS },
        onRequest: (headers) => received.push(headers),
      });
    });
    after(async () => {
      await all?.close();
      rmSync(folder, { recursive: true });
    });
    const query = async (operation, headers = {}) => {
      const response = await fetch(all.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'apollo-require-preflight': '1',
          authorization: `Bearer ${ROUTER}`,
          ...headers,
        },
        body: JSON.stringify({ query: operation }),
      });
      return { ...(await response.json()), billed: Number(response.headers.get('x-cost-billed')) };
    };

    it('forwards a dry run, which costs nothing', async () => {
      const { errors, billed } = await query(FROM_REGISTER, { 'x-cost-dry-run': '1' });
      assert.equal(errors[0].extensions.code, 'DRY_RUN');
      assert.equal(billed, 0);
    });

    it('forwards every header that the gateway reads', async () => {
      const sent = Object.fromEntries(FORWARDED_HEADERS.map((header) => [header, `1-${header}`]));
      sent.traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
      received.length = 0;
      await query('{ registered(name: "公司") { name } }', sent);
      assert.equal(received.length, 1);
      assert.deepEqual(
        Object.fromEntries(FORWARDED_HEADERS.map((header) => [header, received[0][header]])),
        sent,
      );
    });

    it('names its client to the gateway', async () => {
      const { errors } = await query('{ company(searchKey: "sandbox:rows:3") { hasEndCases } }', {
        'x-client-name': 'shop',
      });
      assert.equal(errors, undefined);
      const [cases] = all.subgraphs;
      const response = await fetch(cases, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${OPERATOR}` },
        body: JSON.stringify({ query: '{ usage(groupBy: CLIENT) { groups { key calls } } }' }),
      });
      const { data } = await response.json();
      assert.deepEqual(data.usage.groups, [{ key: 'shop', calls: 1 }]);
    });

    it('keeps what an error of the gateway says, and drops extensions.cost', async () => {
      const { data, errors, extensions } = await query(
        '{ company(searchKey: "sandbox:status:203") { hasEndCases } }',
      );
      assert.deepEqual(data, { company: { hasEndCases: null } });
      const { code, retryable, upstream } = errors[0].extensions;
      assert.deepEqual(
        { code, retryable, status: upstream.status, billed: upstream.billed },
        { code: 'UPSTREAM_FAILURE', retryable: true, status: '203', billed: false },
      );
      assert.equal(extensions?.cost, undefined);
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
      child.kill('SIGTERM');
      assert.deepEqual(await exit, [0, null]);
      const urls = output.match(/http:[^\s,]+/g);
      assert.equal(urls.length, 3, output);
      for (const url of urls) await assert.rejects(fetch(url), /fetch failed/);
    });
  });
}
