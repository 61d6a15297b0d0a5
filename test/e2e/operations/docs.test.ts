import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Kind, parse } from 'graphql';
import { parseConfig } from '../../../src/config/config.js';
import { PRICE_VARIABLES } from '../../../src/config/prices.js';
import { variables } from '../../../src/config/variables.js';
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

/** The names and the defaults in the rows of a page's tables of variables, cell by cell as they are written. */
function documentedVariables(page: string): { names: string[]; defaults: string[] }[] {
  const tables = textOf(page).matchAll(/^\| variable \| default \| meaning \|\n\|[-|]+\n((?:\|.*\n)+)/gm);
  const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  return [...tables].flatMap(([, rows = '']) =>
    rows
      .trim()
      .split('\n')
      .map((row) => {
        const [, names = '', defaults = ''] = row.split('|');
        return { names: quoted(names), defaults: quoted(defaults) };
      }),
  );
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

  it('holds only request bodies that are JSON', () => {
    const bodies = PAGES.flatMap((page) => [...textOf(page).matchAll(/ -d '(\{[\s\S]*?\})'$/gm)]);
    expect(bodies.length).toBeGreaterThan(1);
    for (const [, body = ''] of bodies) expect(JSON.parse(body)).toEqual({ query: expect.any(String) });
  });

  it.each(PAGES)('%s links to files and headings that exist', (page) => {
    const links = [...proseOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.flatMap((link) => faultOf(page, link) ?? [])).toEqual([]);
  });

  it('lists every variable of the configuration once, and no other', () => {
    const documented = documentedVariables('docs/configuration.md').flatMap(({ names }) => names);
    expect(documented.sort()).toEqual([...Object.keys(variables.shape), ...PRICE_VARIABLES].sort());
  });

  it.each(['docs/configuration.md', 'README.md'])(
    'states in %s the defaults of the configuration',
    (page) => {
      const stated = documentedVariables(page).flatMap(({ names, defaults }) =>
        names.length === defaults.length ? names.map((name, index) => [name, defaults[index]]) : [],
      );
      expect(stated.length).toBeGreaterThan(5);
      for (const [name = '', value] of stated) {
        expect([name, parseConfig({ [name]: value })]).toEqual([name, parseConfig({})]);
      }
    },
  );

  it('lists in the README only variables of the configuration', () => {
    const known = new Set([...Object.keys(variables.shape), ...PRICE_VARIABLES]);
    const documented = documentedVariables('README.md').flatMap(({ names }) => names);
    expect(documented.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = textOf('docs/architecture.md');
  /** The links in the first cells of the table with this heading. */
  const firstCells = (heading: string) => {
    const [, rows = ''] = new RegExp(`^\\| ${heading} .*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, 'm').exec(text) ?? [];
    return [...rows.matchAll(/^\| \[([\w.-]+)\]/gm)].map(([, name = '']) => name);
  };

  it('lists every layer', () => {
    expect(firstCells('layer').sort()).toEqual(readdirSync(join(ROOT, 'src')).sort());
  });

  it('lists the middlewares in the order in which they are composed', () => {
    const source = readFileSync(join(ROOT, 'src', 'upstream', 'create-upstream.ts'), 'utf8');
    const [, composed = ''] = /compose\(\n([\s\S]*?)\n {2}\)/.exec(source) ?? [];
    const names = [...composed.matchAll(/^ {4}(\w+)\(/gm)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(firstCells('middleware')).toEqual(names);
    expect(text).toContain(names.join(' --> '));
  });
});

describe('docs/operations.md', () => {
  it('lists warnings that the gateway writes', () => {
    const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => textOf(join('src', path)))
      .join('\n');
    const [, rows = ''] =
      /^\| line begins with .*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(textOf('docs/operations.md')) ?? [];
    const lines = rows.split('\n').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)]);
    // A line may name a folder, written as an ellipsis.
    const parts = lines.flatMap(([, line = '']) => line.split(/ ?… ?/));
    expect(parts.filter((part) => !source.includes(part))).toEqual([]);
    expect(parts.length).toBeGreaterThan(20);
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
