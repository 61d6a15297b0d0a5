import { closeAfterTest } from '../../support/cleanup.js';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const list = (searchKey: string) => `{ company(searchKey: "${searchKey}") { endCases { totalCount } } }`;
const detail = (id: string) => `{ endCase(id: "${id}") { court } }`;

describe('a card of the embedded sandbox', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    // Without keys, the gateway starts a sandbox of its own.
    gateway = closeAfterTest(await startTestGateway({ env: { QCC_KEY: '', QCC_SECRET_KEY: '' } }));
  });
  const calls = () => gateway.gateway.sandbox?.statistics.total.calls;

  it.each(['101', '112', '116', '111', '113', '214'])(
    'with status %s stops itself, and no other question',
    async (status) => {
      const card = `sandbox:status:${status}`;
      const [first, again] = [await gateway.query(list(card)), await gateway.query(list(card))];
      expect(again.errors?.[0]?.extensions.code).toBe(first.errors?.[0]?.extensions.code);
      expect(calls()).toBe(1);
      expect((await gateway.query(list('sandbox:rows:3'))).errors).toBeUndefined();
      expect((await gateway.query(detail('sandbox:busy-once'))).errors).toBeUndefined();
      const readyz = await jsonOf(await fetch(new URL('/readyz', gateway.url)));
      expect(readyz).toMatchObject({ status: 'ok', upstream: 'ok' });
    },
  );

  it('with a detail that is refused stops that detail alone', async () => {
    const { data, errors } = await gateway.query(
      `{ company(searchKey: "sandbox:details:status:112") { endCases { nodes { detail { certificateNo } } } } }`,
    );
    expect(errors?.map(({ path }) => path)).toEqual([['company', 'endCases', 'nodes', 1, 'detail']]);
    expect(data.company.endCases.nodes).toHaveLength(3);
  });

  it('that fails on the wire stops no other question, however often', async () => {
    for (const card of ['html', 'truncated', 'http:500', 'reset', 'wrong-shape']) {
      await gateway.query(list(`sandbox:${card}`));
      await gateway.query(detail(`sandbox:${card}`));
    }
    expect((await gateway.query(list('sandbox:rows:3'))).errors).toBeUndefined();
  });

  it.each([
    ['112', 'all calls of the account'],
    ['214', 'all calls of this method'],
  ])('with status %s says what it would stop', async (status, stopped) => {
    const { errors } = await gateway.query(list(`sandbox:status:${status}`));
    expect(errors?.[0]?.message).toContain(
      `(sandbox card: after this answer of QCC, the gateway stops ${stopped})`,
    );
  });

  it('with status 120 does not, because it stops nothing', async () => {
    const { errors } = await gateway.query(list('sandbox:status:120'));
    expect(errors?.[0]?.message).not.toContain('sandbox card');
  });
});
