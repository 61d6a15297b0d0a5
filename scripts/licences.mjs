// Lists the licences of what the product ships with, into docs/licences.md; exits 1 where one is not known to be free to use.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const KNOWN = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);
const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
const bill = JSON.parse(
  execFileSync(
    'npm',
    ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'],
    options,
  ),
);
const rows = bill.components
  .map(({ name, group, version, licenses = [] }) => ({
    name: group && !name.startsWith(group) ? `${group}/${name}` : name,
    version,
    licence:
      licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).join(' AND ') ||
      'none given',
  }))
  .sort((one, other) => (one.name < other.name ? -1 : 1));
const unknown = rows.filter(({ licence }) => !licence.split(/ OR | AND |[()]/).some((one) => KNOWN.has(one)));
for (const { name, version, licence } of unknown) console.error(`${name} ${version}: ${licence}`);
writeFileSync(
  new URL('../docs/licences.md', import.meta.url),
  `# Licences

What the product ships with, by \`npm run licences\`; the whole bill of materials (CycloneDX) is written by \`npm run sbom\`.

| package | version | licence |
| --- | --- | --- |
${rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`).join('\n')}
`,
);
console.log(`${rows.length} packages`);
process.exit(unknown.length > 0 ? 1 : 0);
