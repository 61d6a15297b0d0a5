import { SearchKeys } from '../../../src/graphql/cost/search-keys.js';
import { SearchKeyError } from '../../../src/qcc/search-key.js';

describe('the search keys of an operation', () => {
  it.each([
    ['a key', '某某有限公司'],
    ['a text that is none', '?'],
    ['a text that is too long', '长'.repeat(900_000)],
  ])('are read once, however often they are repeated: %s', (_, text) => {
    const keys = new SearchKeys();
    expect(keys.outcome(text)).toBe(keys.outcome(text));
  });

  it('are thrown as errors where a field has one key', () => {
    const keys = new SearchKeys();
    expect(keys.read('某某有限公司')).toEqual({ kind: 'NAME', text: '某某有限公司' });
    expect(keys.outcome('x')).toBeInstanceOf(SearchKeyError);
    expect(() => keys.read('x')).toThrow(/too short/);
  });
});
