import { sign } from '../../src/qcc/signature.js';

describe('a signature', () => {
  const credentials = { key: 'appkey123', secretKey: 'secret456' };
  const signature = { Token: '722C27847E6C7EFCB2FABF5867CBA7CA', Timespan: '1700000000' };

  it('is the MD5 of key, Timespan and secret key, in upper case', () => {
    expect(sign(credentials, 1_700_000_000_000)).toEqual(signature);
  });

  it('has whole seconds', () => {
    expect(sign(credentials, 1_700_000_000_999)).toEqual(signature);
  });
});
