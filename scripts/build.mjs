// Bundles the program into dist/, since reading its two thousand modules one by one takes most of its start.
// Does nothing if nothing has changed since the last build. Usage: npm run build
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const OUT = 'dist';
const STAMP = `${OUT}/.built-from`;
/** Maps everything to nothing, so that the map of a bundle has only the product's own lines. */
const EMPTY_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/** The program, and the process that it starts to check its store. */
const PROGRAM = ['src/main.ts', 'src/store/embedded/recovery/checker-process.ts'];
/** What scripts, tests and the benchmark import. */
const PARTS = [
  'cache/entry',
  'config/config',
  'config/store-settings',
  'ledger/hourly-usage',
  'ledger/ledger',
  'ledger/row',
  'qcc/signature',
  'qcc/statuses',
  'sandbox/answers',
  'sandbox/server',
  'store/embedded/embedded-store',
  'store/redis/redis-store',
].map((name) => `src/${name}.ts`);
const EXTERNAL = [
  // They have files of their own besides modules.
  'lmdb',
  'altair-static',
  // type-graphql loads it only where it is installed.
  'class-validator',
  // Fastify loads them only for routes with a schema, and for requests without a network.
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
];

/** A digest of everything that the build depends on. */
function fingerprint() {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...sources, 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs'])
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** Comments of packages, other than licences, would be read at each start and held in memory. */
const packages = {
  name: 'packages',
  setup({ onLoad, esbuild: { transform } }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const { code } = await transform(source, { minifyWhitespace: true, logLevel: 'silent' });
      return {
        contents: `${code}\n//# sourceMappingURL=data:application/json;base64,${EMPTY_MAP}`,
        loader: 'js',
      };
    });
  },
};

const stamp = fingerprint();
if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp) {
  const { build } = await import('esbuild');
  rmSync(OUT, { recursive: true, force: true });
  await build({
    entryPoints: [...PROGRAM, ...PARTS],
    outdir: OUT,
    outbase: 'src',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    legalComments: 'linked',
    sourcemap: true,
    sourcesContent: false,
    plugins: [packages],
    // Packages in CommonJS call it for Node's own modules.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'warning',
  });
  writeFileSync(STAMP, stamp);
}
