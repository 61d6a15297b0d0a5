import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Kind, parse } from 'graphql';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';

const ROOT = join(__dirname, '..', '..', '..');
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
  'examples/supergraph/README.md',
  'examples/web/README.md',
];
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');

/** What runs against this subgraph alone: an operation, and not one of the larger graph of the example. */
const snippets = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']): [string, string] => [
    page,
    text,
  ]),
).filter(([, text]) => {
  const { definitions } = parse(text);
  return definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) && !text.includes('registered(');
});

describe('the documentation', () => {
  let setup: TestGateway;
  beforeAll(async () => {
    setup = await startTestGateway();
  });
  afterAll(() => setup.close());

  it.each(snippets)('of %s holds an operation that runs: %s', async (_, query) => {
    const { data, errors = [] } = await setup.query(query);
    // Cards of the sandbox fail upstream, as they should.
    expect(errors.filter(({ extensions }) => extensions.upstream === undefined)).toEqual([]);
    expect(data).toEqual(expect.any(Object));
  });

  it('holds operations in more than one page', () => {
    expect(new Set(snippets.map(([page]) => page)).size).toBeGreaterThan(2);
  });

  it.each(PAGES)('(%s) links to what is there', (page) => {
    const targets = [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    const missing = targets.filter((target) => {
      const path = normalize(join(ROOT, dirname(page), target));
      try {
        readdirSync(path);
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT';
      }
    });
    expect(missing).toEqual([]);
  });
});
