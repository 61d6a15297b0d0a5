import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { methods } from '../src/qcc/methods.js';

const ROOT = join(__dirname, '..');
const SOURCE = join(ROOT, 'src');

/** The layers of `src`, from the top down. A layer imports only from layers below it. */
const LAYERS = [
  'main',
  'commands',
  'screen',
  'gateway',
  'config',
  'http',
  'graphql',
  'upstream',
  'cache',
  'ledger',
  'store',
  'sandbox',
  'log',
  'qcc',
  'package-root',
  'errors',
];
/** The layers inside `graphql`, from the top down. */
const GRAPHQL_LAYERS = [
  'server',
  'schema',
  'context',
  'cost',
  'paging',
  'scopes',
  'caller',
  'error-limit',
  'errors',
  'stringify',
  'yield-to-event-loop',
];
/** The files of `qcc` that hold tables and arithmetic only: all that the sandbox may use. */
const PURE = ['call', 'methods', 'search-key', 'signature', 'statuses', 'text/typed-text', 'values'];
/** What the graph may know of the layers that buy: what to ask for, what it cost, how it can fail. */
const KNOWN_TO_GRAPHQL = [
  ...PURE.map((name) => `qcc/${name}`),
  'qcc/cases',
  'qcc/error',
  'qcc/wire/cancellation',
  'qcc/wire/deadline',
  'cache/cache-reader',
  'cache/cached-item',
  'cache/cache-key',
  'cache/dependencies',
  'ledger/price',
  'ledger/usage',
  'upstream/errors',
  'upstream/handler',
  'upstream/meter',
  'upstream/policy/allowance',
];
const MAX_FILES_PER_FOLDER = 13;

interface Import {
  readonly file: string;
  readonly target: string;
}

/** Every import between files of `src`, type-only ones included. Paths are relative to `src`, without extension. */
function* imports(): Generator<Import> {
  for (const entry of readdirSync(SOURCE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(SOURCE, path).replace(/\.ts$/, '');
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(
      /(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g,
    )) {
      yield { file, target: relative(SOURCE, join(dirname(path), specifier)).replace(/\.js$/, '') };
    }
  }
}

/** Groups of items by a key. (`Map.groupBy` came with Node 21.) */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const all = [...imports()];
const part = (path: string, level: number) => path.split('/')[level] ?? '';
const rank = (layers: readonly string[], name: string) => {
  const index = layers.indexOf(name);
  if (index < 0) throw new Error(`${name} is in no layer`);
  return index;
};
const sources = (): string[] =>
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const filesContaining = (pattern: RegExp) =>
  sources().filter((name) => pattern.test(readFileSync(join(SOURCE, name), 'utf8')));

describe('the source', () => {
  it('imports downwards only', () => {
    const upwards = all.filter(({ file, target }) => {
      const [from, to] = [rank(LAYERS, part(file, 0)), rank(LAYERS, part(target, 0))];
      if (from !== to) return from > to;
      if (part(file, 0) !== 'graphql') return false;
      return rank(GRAPHQL_LAYERS, part(file, 1)) > rank(GRAPHQL_LAYERS, part(target, 1));
    });
    expect(upwards).toEqual([]);
    expect(all.length).toBeGreaterThan(200);
  });

  it('has no import cycle, types included', () => {
    const targets = groupBy(all, ({ file }) => file);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const { target } of targets.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps folders small', () => {
    const folders = groupBy(sources(), (name) => dirname(name));
    const crowded = [...folders].filter(([, files]) => files.length > MAX_FILES_PER_FOLDER);
    expect(crowded.map(([folder]) => folder)).toEqual([]);
  });

  it('is mirrored by its tests, with end-to-end tests in test/e2e', () => {
    const folders = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') && !name.startsWith('e2e') && name.includes('/'))
      .map((name) => dirname(name));
    const known = new Set(sources().map((name) => dirname(name)));
    expect(folders.filter((folder) => !known.has(folder))).toEqual([]);
  });

  it('lets only the gateway and the commands use the sandbox', () => {
    const users = all.filter(
      ({ file, target }) => part(target, 0) === 'sandbox' && part(file, 0) !== 'sandbox',
    );
    expect(new Set(users.map(({ file }) => part(file, 0)))).toEqual(new Set(['commands', 'gateway']));
  });

  it('keeps the sandbox to the pure tables of qcc', () => {
    const used = all.filter(({ file, target }) => part(file, 0) === 'sandbox' && part(target, 0) === 'qcc');
    const names = used.map(({ target }) => target.slice('qcc/'.length));
    expect(names.filter((name) => !PURE.includes(name))).toEqual([]);
  });

  it('keeps a screen to the graph: it knows how search keys are read, and nothing of buying', () => {
    const used = all.filter(({ file, target }) => part(file, 0) === 'screen' && part(target, 0) !== 'screen');
    expect(new Set(used.map(({ target }) => target))).toEqual(new Set(['qcc/search-key']));
  });

  it('keeps the graph to what is asked for and how it fails, not to how it is bought', () => {
    const below = ['qcc', 'store', 'ledger', 'cache', 'upstream'];
    const used = all.filter(
      ({ file, target }) => part(file, 0) === 'graphql' && below.includes(part(target, 0)),
    );
    expect(used.map(({ target }) => target).filter((target) => !KNOWN_TO_GRAPHQL.includes(target))).toEqual(
      [],
    );
  });

  it('uses axios and undici in the transport alone', () => {
    expect(filesContaining(/from '(axios|undici)'/)).toEqual([join('qcc', 'wire', 'transport.ts')]);
  });

  it('names status codes in one table alone', () => {
    const users = filesContaining(/'(1[0-2]\d|2[01]\d|22[34]|199)'/);
    expect(users.filter((name) => !name.startsWith('sandbox'))).toEqual([join('qcc', 'statuses.ts')]);
  });

  it('names QCC methods in one table alone', () => {
    const users = filesContaining(new RegExp(`'(${methods.map(({ name }) => name).join('|')})'`));
    expect(users.filter((name) => !name.startsWith('sandbox'))).toEqual([join('qcc', 'methods.ts')]);
  });

  it('reads environment variables in the commands alone', () => {
    const users = filesContaining(/process\.env/);
    expect(users.filter((name) => !name.startsWith('commands'))).toEqual([]);
  });
});
