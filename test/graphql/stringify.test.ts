import fc from 'fast-check';
import { encode, stringify } from '../../src/graphql/stringify.js';

/** How many turns of the event loop pass until a promise settles. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await work;
  isDone = true;
  return turns;
}

const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, court: '某某人民法院', detail: null }));

describe('stringify', () => {
  it('writes what JSON.stringify writes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await stringify(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each<[string, unknown]>([
    ['a list', rows],
    ['an object', { data: { rows, none: undefined }, extensions: { cost: null } }],
    ['a list of lists', [rows, [], {}, rows]],
    ['long texts', Array.from({ length: 3000 }, () => '长'.repeat(1000))],
    ['dates, and what JSON cannot express', [...rows, new Date(0), undefined, Number.NaN]],
  ])('writes %s in several turns of the event loop, with the same outcome', async (_, value) => {
    const written = stringify(value);
    expect(await turnsOf(written)).toBeGreaterThan(1);
    expect(await written).toBe(JSON.stringify(value));
  });
});

describe('encode', () => {
  it('keeps surrogate pairs whole wherever a long text is cut', async () => {
    for (const before of ['', 'x']) {
      const text = before + '😀'.repeat(1_500_000);
      expect((await encode(text)).equals(Buffer.from(text))).toBe(true);
    }
  });

  it('encodes a long text in several turns of the event loop, and half a pair as Node does', async () => {
    const text = `${'长'.repeat(4 * 1024 * 1024)}\ud83d`;
    const encoded = encode(text);
    expect(await turnsOf(encoded)).toBeGreaterThan(1);
    expect((await encoded).equals(Buffer.from(text))).toBe(true);
  });
});
