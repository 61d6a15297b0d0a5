import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SOURCE = join(__dirname, '..', 'src');

/** Which rooms each room may import. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  qcc: [],
  store: [],
  spend: ['qcc', 'store'],
  graphql: ['spend', 'qcc'],
  http: ['graphql', 'spend'],
  sandbox: ['qcc'],
};
/** The files of `qcc` that hold tables and arithmetic, no wire: all that the sandbox and the graph may know. */
const PURE = ['statuses', 'signature', 'search-key', 'methods', 'values'];
/** `main` and `gateway` compose everything; `config` is read by both. */
const ROOTS = [
  'main',
  'gateway',
  'config',
  'config-values',
  'log',
  'settings',
  'ledger-command',
  'mend-store',
];

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
  readonly targetRoom: string;
}

function* imports(): Generator<Import> {
  for (const entry of readdirSync(SOURCE, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const file = relative(SOURCE, path);
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(/from '(\.{1,2}\/[^']+)'/g)) {
      const target = relative(SOURCE, join(dirname(path), specifier)).replace(/\.js$/, '');
      yield { file, room: roomOf(file), target, targetRoom: roomOf(target) };
    }
  }
}

function roomOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, '');
}

describe('the rooms', () => {
  const all = [...imports()];

  it('import no room above them', () => {
    const wrong = all.filter(
      ({ room, targetRoom }) =>
        room !== targetRoom && !ROOTS.includes(room) && !(MAY[room] ?? []).includes(targetRoom),
    );
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(20);
  });

  it('let only the composition root and the edge know the sandbox', () => {
    const users = all.filter(({ room, targetRoom }) => targetRoom === 'sandbox' && room !== 'sandbox');
    expect(new Set(users.map(({ room }) => room))).toEqual(new Set(['main', 'gateway']));
  });

  it('keep the sandbox to the pure tables of qcc', () => {
    const used = all.filter(({ room, targetRoom }) => room === 'sandbox' && targetRoom === 'qcc');
    const names = used.map(({ target }) => target.slice('qcc/'.length));
    expect(names.filter((name) => !PURE.includes(name))).toEqual([]);
  });

  it('keep the graph to what is asked and how it fails, not to how it is bought', () => {
    const used = all.filter(
      ({ room, targetRoom }) => room === 'graphql' && ['qcc', 'spend'].includes(targetRoom),
    );
    const known = [
      ...PURE.map((name) => `qcc/${name}`),
      'qcc/error',
      'qcc/deadline',
      'qcc/leaving',
      'spend/ask',
      'spend/consulted',
      'spend/error',
      'spend/meter',
      'spend/price',
      'spend/provenance',
      'spend/usage',
    ];
    expect(used.map(({ target }) => target).filter((target) => !known.includes(target))).toEqual([]);
  });

  it('keep axios and undici behind the transport', () => {
    const users = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => /from '(axios|undici)'/.test(readFileSync(join(SOURCE, name), 'utf8')));
    expect(users).toEqual([join('qcc', 'transport.ts')]);
  });

  it('name status codes in one table alone', () => {
    const users = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('sandbox'))
      .filter((name) => /'(1[0-2]\d|2[01]\d|22[34]|199)'/.test(readFileSync(join(SOURCE, name), 'utf8')));
    expect(users).toEqual([join('qcc', 'statuses.ts')]);
  });

  it('read environment values at the edge alone', () => {
    const users = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => readFileSync(join(SOURCE, name), 'utf8').includes('process.env'));
    expect(users).toEqual(['main.ts']);
  });
});
