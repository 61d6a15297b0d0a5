import { createHash } from 'node:crypto';
import { waitUntil } from '../../support/wait-until.js';
import { describeWorkbench } from '../../support/workbench.js';

const SAMPLE = '浙江省临海标准件工业公司';
const FIRST = '(2018)浙1082执2303号';
const KEY = 'a-key-for-the-workbench';

const keys = (scopes: string) => ({
  AUTH_API_KEYS: `risk:${createHash('sha256').update(KEY).digest('hex')}:${scopes}`,
});

describeWorkbench('the workbench, where access or money is limited', (open) => {
  it('asks for a key, by keyboard, keeps it out of every address, and forgets it', async () => {
    const { page, inspect, network, search } = await open({ env: keys('') });
    const dialog = page.getByRole('dialog', { name: '登录' });
    await dialog.getByText('查询前需要登录。').waitFor();
    expect(await inspect('sign-in')).toEqual([]);
    await page.getByLabel('访问密钥').focus();
    await page.keyboard.type('not a key');
    await page.keyboard.press('Enter');
    await dialog.getByText('密钥只含英文字母、数字和半角符号').waitFor();
    await page.getByLabel('访问密钥').fill('another-key');
    await page.keyboard.press('Enter');
    await dialog.getByText('这个密钥无效或已停用。').waitFor();
    expect(await inspect('sign-in-refused')).toEqual([]);
    await page.getByLabel('访问密钥').fill(KEY);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await search(SAMPLE);
    await page.getByRole('button', { name: FIRST }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: FIRST }).waitFor();
    expect(page.url()).not.toContain(KEY);
    expect(network.join()).not.toContain(KEY);
    await page.getByRole('button', { name: '退出登录' }).click();
    await dialog.getByText('查询前需要登录。').waitFor();
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).toBe('{}');
    await page.keyboard.press('Escape');
    await page.getByRole('alert').getByText('需要登录').waitFor();
    expect(await inspect('error-401')).toEqual([]);
  });

  it('explains what a key may not do', async () => {
    const { page, inspect, search } = await open({ env: keys('') });
    await page.getByLabel('访问密钥').fill(KEY);
    await page.keyboard.press('Enter');
    await search(SAMPLE);
    await page.getByRole('button', { name: '刷新数据' }).click();
    await page.getByRole('alert').getByText('没有权限').waitFor();
    expect(await inspect('error-403')).toEqual([]);
    await page.getByRole('button', { name: FIRST }).click();
    await page.getByRole('button', { name: /查看被执行人/ }).click();
    await page.getByText('你的密钥无权查看').waitFor();
    await page.getByRole('link', { name: '用量与预算' }).click();
    await page.getByRole('alert').getByText('没有权限').waitFor();
    expect(await inspect('spending-403')).toEqual([]);
  });

  it('explains a rate limit, and continues when the reader tries again', async () => {
    const { page, inspect, search } = await open({ env: { RATE_LIMIT_PER_CLIENT: '3/5s' } });
    const limited = page.getByRole('alert').getByText('操作太频繁');
    for (let cases = 1; !(await limited.isVisible()); cases++) {
      await search(`sandbox:rows:${cases}`);
      await limited.or(page.getByText(`共 ${cases} 件终本案件`)).waitFor();
    }
    expect(await page.getByText(/约 \d+ 秒后可以重试。/).isVisible()).toBe(true);
    expect(await inspect('error-429')).toEqual([]);
    const found = page.getByText(/共 \d+ 件终本案件/);
    await waitUntil(async () => {
      // The message goes when the button is pressed, and may come back with the response.
      const response = page.waitForResponse(/\/graphql$/);
      await page.getByRole('button', { name: '重试' }).click();
      await response;
      await limited.or(found).waitFor();
      return found.isVisible();
    });
  });

  it('explains that the gateway is busy', async () => {
    const { page, inspect } = await open({
      env: {
        ...keys(''),
        AUTH_JWKS_URL: 'http://127.0.0.1:1/jwks',
        AUTH_ISSUER: 'https://issuer.test',
        AUTH_AUDIENCE: 'endcase',
      },
    });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await page.getByLabel('访问密钥').fill(`${part({ alg: 'RS256', kid: 'a' })}.${part({ sub: 'a' })}.c2ln`);
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox').fill(SAMPLE);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('系统繁忙').waitFor();
    expect(await inspect('error-503')).toEqual([]);
  });

  it('explains a mistyped code and a refusal of QCC, in English', async () => {
    const { page, inspect, search, gateway } = await open({ context: { locale: 'en-GB' } });
    await search('91330100799655058C');
    await page.getByRole('alert').getByText('This is not a company name or code').waitFor();
    expect(await inspect('error-key')).toEqual([]);
    await search('sandbox:status:112');
    await page.getByRole('alert').getByText('QCC’s account is not available').waitFor();
    expect(await inspect('error-account')).toEqual([]);
    await search('sandbox:status:203');
    await page.getByRole('alert').waitFor();
    expect(gateway.sandbox.statistics.total.billed).toBe(0);
  });

  it('explains a spent budget and a lost network', async () => {
    const { page, inspect, search } = await open({ env: { BUDGET_PER_DAY: '1' } });
    await search(SAMPLE);
    await page.getByRole('button', { name: FIRST }).waitFor();
    await search('sandbox:rows:3');
    await page.getByRole('alert').getByText('今日预算已用完').waitFor();
    expect(await page.getByText(/约 \d+ (小时|分钟)后可以重试。/).isVisible()).toBe(true);
    expect(await inspect('error-budget')).toEqual([]);
    await page.context().setOffline(true);
    await search('别的公司');
    await page.getByRole('alert').getByText('无法连接系统').waitFor();
    expect(await inspect('error-offline')).toEqual([]);
    await page.context().setOffline(false);
  });
});
