// Writes the licences of the product's dependencies to docs/licences.md. Exits 1 if a licence is not in the list below.
// Usage: npm run licences
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const ACCEPTED = new Set([
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
const { components } = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
);
const rows = components
  .map(({ name, group, version, licenses = [] }) => ({
    name: group && !name.startsWith(group) ? `${group}/${name}` : name,
    version,
    licence:
      licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).join(' AND ') ||
      'none given',
  }))
  .sort((one, other) => (one.name < other.name ? -1 : 1));
/** Every part of an AND must be accepted, and one part of an OR. */
const isAccepted = (licence) =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' AND ')
    .every((part) => part.split(' OR ').some((id) => ACCEPTED.has(id)));
const unaccepted = rows.filter(({ licence }) => !isAccepted(licence));
for (const { name, version, licence } of unaccepted) console.error(`${name} ${version}: ${licence}`);
writeFileSync(
  new URL('../docs/licences.md', import.meta.url),
  `# Licences

These are the licences of the packages that the product depends on. \`npm run licences\` writes this page. \`npm run sbom\`
prints the whole bill of materials (CycloneDX).

| package | version | licence |
| --- | --- | --- |
${rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`).join('\n')}
`,
);
console.log(`${rows.length} packages`);
process.exit(unaccepted.length > 0 ? 1 : 0);
