import { parseConfig } from '../../src/config/config.js';
import { describeGuards } from '../../src/config/guards.js';

describe('the start line', () => {
  it('says what guards the money', () => {
    expect(describeGuards(parseConfig({}))).toBe('budget: none · prices: none · auth: none');
    const digest = 'a'.repeat(64);
    const guards = describeGuards({
      ...parseConfig({
        BUDGET_PER_MONTH: '20000',
        BUDGET_PER_DAY: '0',
        BUDGET_PER_CLIENT_PER_DAY: '5',
        AUTH_API_KEYS: `bank:${digest}`,
        AUTH_JWKS_URL: 'https://idp.example/keys',
        AUTH_ISSUER: 'i',
        AUTH_AUDIENCE: 'a',
      }),
      prices: { GetList: '0.3', GetDetail: '1.25' },
    });
    expect(guards).toBe(
      'budget: 20,000 billed calls a month, 0 billed calls a day, 5 billed calls a client and day · prices: GetList 0.3 yuan, GetDetail 1.25 yuan · auth: API keys (1) and JWTs',
    );
    expect(guards).not.toContain(digest);
  });
});
