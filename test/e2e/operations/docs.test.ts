import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Kind, parse } from 'graphql';
import { jsonOf, startTestGateway, type TestGateway } from '../../support/gateway.js';

const ROOT = join(__dirname, '..', '..', '..');
const NOT_OURS = new Set(['node_modules', 'dist', 'artifacts', 'data', '.git']);

/** Every Markdown file under a folder, as a path from the root of the repository. */
function pagesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : pagesUnder(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

const PAGES = pagesUnder('.');
const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
/** Prose alone: code may hold what looks like a link or a heading. */
const proseOf = (page: string) => textOf(page).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** Operations that run on this subgraph alone. Those of the supergraph example need its other subgraph. */
const snippets = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text = '']): [string, string] => [
    page,
    text,
  ]),
).filter(([, text]) => {
  const { definitions } = parse(text);
  return definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) && !text.includes('registered(');
});

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const headings = [...proseOf(page).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** What is wrong with a link of a page; undefined for a good one. */
function faultOf(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || !target.endsWith('.md') || anchorsOf(target).has(anchor)) return undefined;
  return `${link}: ${target} has no heading ${anchor}`;
}

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

  it.each(PAGES)('%s links to files and headings that exist', (page) => {
    const links = [...proseOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.flatMap((link) => faultOf(page, link) ?? [])).toEqual([]);
  });

  it('lists every variable of the configuration, and no other', () => {
    const rows = textOf('docs/configuration.md').match(/^\| `[A-Z][^|]*\|/gm) ?? [];
    const documented = rows.flatMap((row) => [...row.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name));
    const source = readdirSync(join(ROOT, 'src', 'config'))
      .map((name) => readFileSync(join(ROOT, 'src', 'config', name), 'utf8'))
      .join('\n');
    const settings = [...source.matchAll(/^ +([A-Z][A-Z_]+): /gm)].map(([, name = '']) => name);
    // The variables of the prices are named after the methods.
    const known = new Set([...settings, 'QCC_PRICE_GETLIST', 'QCC_PRICE_GETDETAIL']);
    expect([...new Set(documented)].sort()).toEqual([...known].sort());
  });
});

describe('the first page', () => {
  it('shows what its query and its dry run cost', async () => {
    const setup = await startTestGateway();
    try {
      const [, query = ''] = /```graphql\n([\s\S]*?)```/.exec(textOf('README.md')) ?? [];
      const [, escaped = ''] = /-d '\{ "query":\s+"([\s\S]*?)" \}'/.exec(textOf('README.md')) ?? [];
      const dryRun = await setup.post(
        { query: escaped.replaceAll('\\"', '"') },
        { headers: { 'x-cost-dry-run': '1' } },
      );
      const { min, max } = (await jsonOf(dryRun)).extensions.cost.estimate;
      const { data, extensions } = await setup.query(query);
      const { billed, calls } = extensions.cost;
      expect(textOf('README.md')).toContain(`"estimate": { "min": ${min}, "max": ${max} }`);
      expect(textOf('README.md')).toContain(
        `"billed": ${billed}, "maybeBilled": 0, "calls": { "GetList": ${calls.GetList}, "GetDetail": ${calls.GetDetail} }`,
      );
      expect(textOf('README.md')).toContain(data.company.endCases.nodes[0].caseNo);
    } finally {
      await setup.close();
    }
  });
});
