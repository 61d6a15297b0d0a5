import { buildSchema, type ExecutionResult, execute, parse } from 'graphql';
import { ANONYMOUS } from '../../../src/graphql/caller.js';
import { ErrorLimit, limitErrors } from '../../../src/graphql/error-limit.js';
import { paceLists } from '../../../src/graphql/schema/pace-lists.js';
import { createYieldToEventLoop } from '../../../src/graphql/yield-to-event-loop.js';

/** Executes `{ items { value } }`. Gives the result, and how many values and errors were made in each turn of the event loop. */
async function run(items: readonly unknown[], read: () => unknown) {
  const schema = buildSchema('type Query { items: [Item]! } type Item { value: Int }');
  const counts: number[] = [];
  let count = 0;
  const field = schema.getQueryType()?.getFields().items;
  if (field) field.resolve = () => items;
  const values = schema.getType('Item');
  if (values && 'getFields' in values && values.getFields().value) {
    Object.assign(values.getFields().value ?? {}, {
      resolve() {
        count += 1;
        return read();
      },
    });
  }
  limitErrors(schema);
  paceLists(schema);
  let isDone = false;
  const endTurn = () => {
    counts.push(count);
    count = 0;
    if (!isDone) setImmediate(endTurn);
  };
  setImmediate(endTurn);
  const errorLimit = new ErrorLimit();
  const contextValue = {
    caller: ANONYMOUS,
    selections: new WeakMap(),
    errorLimit,
    yieldToEventLoop: createYieldToEventLoop(),
  };
  const document = parse('{ items { value } }');
  const result: ExecutionResult = await execute({ schema, document, contextValue });
  isDone = true;
  return { result, largest: Math.max(count, ...counts), summary: errorLimit.summary };
}

const items = (count: number, item: (index: number) => unknown) =>
  Array.from({ length: count }, (_, index) => item(index));

describe('a long list', () => {
  it('completes over several turns of the event loop, with each item in its place', async () => {
    const { result, largest } = await run(
      items(5000, () => ({})),
      () => 7,
    );
    expect(result.data?.items).toEqual(items(5000, () => ({ value: 7 })));
    expect(largest).toBe(800);
  });

  it('completes in one turn if it is short', async () => {
    const { largest } = await run(
      items(100, () => ({})),
      () => 7,
    );
    expect(largest).toBe(100);
  });

  it('has null for items that are errors, and counts them', async () => {
    const { result, summary } = await run(
      items(3000, (index) => (index % 2 === 0 ? { index } : new Error('no item'))),
      () => 7,
    );
    expect(result.data?.items).toEqual(items(3000, (index) => (index % 2 === 0 ? { value: 7 } : null)));
    expect(result.errors).toHaveLength(1000);
    expect(result.errors?.[0]?.path).toEqual(['items', 1]);
    expect(summary?.extensions).toMatchObject({ omitted: 500 });
  });
});

describe('fields that fail', () => {
  it.each<[string, () => unknown]>([
    [
      'throw',
      () => {
        throw new Error('no value');
      },
    ],
    ['reject', () => Promise.reject(new Error('no value'))],
    ['return an error', () => new Error('no value')],
  ])('and %s have 1,000 errors at most', async (_, read) => {
    const { result, summary } = await run(
      items(2500, () => ({})),
      read,
    );
    expect(result.data?.items).toEqual(items(2500, () => ({ value: null })));
    expect(result.errors).toHaveLength(1000);
    expect(summary?.message).toMatch(/^1500 more fields failed/);
  });
});
