import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PACKAGE_ROOT } from '../../package-root.js';

export interface FirstPageSettings {
  /** Whether Apollo Sandbox and `/explorer` are served. */
  readonly explorers: boolean;
  /** The port of `/metrics` if it has one of its own. Called once the gateway listens. */
  readonly metricsPort: () => number | undefined;
}

/** The documentation that comes with the program. */
const DOCS = join(PACKAGE_ROOT, 'docs');
/** The page loads nothing. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #222; }
li { margin: 0.4rem 0; }`;

interface Link {
  readonly href: string;
  readonly name: string;
  readonly text: string;
}

/** Adds `/`, a page that links what this process serves, and its documentation under `/docs/`. */
export function addFirstPage(app: FastifyInstance, settings: FirstPageSettings): void {
  const docs = existsSync(DOCS) ? readdirSync(DOCS).filter((name) => name.endsWith('.md')) : [];
  // Markdown is served as text, because some browsers save it otherwise.
  app.get<{ Params: { name: string } }>('/docs/:name', async ({ params: { name } }, reply) =>
    docs.includes(name)
      ? reply.type('text/plain; charset=utf-8').send(await readFile(join(DOCS, name)))
      : reply.callNotFound(),
  );
  app.get('/', async (request, reply) =>
    reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .type('text/html')
      .send(pageOf(linksFor(request, settings), docs)),
  );
}

function linksFor(
  { hostname }: FastifyRequest,
  { explorers, metricsPort }: FirstPageSettings,
): readonly Link[] {
  const port = metricsPort();
  const metrics = port === undefined ? '/metrics' : `http://${hostname}:${port}/metrics`;
  const pages = [
    { href: '/explorer', name: 'Explorer', text: 'sample operations and the schema, without the internet' },
    {
      href: '/graphql',
      name: 'Apollo Sandbox',
      text: 'the same, with scripts that Apollo serves on the internet',
    },
  ];
  return [
    ...(explorers ? pages : []),
    { href: '/readyz', name: 'Health', text: 'whether the store, the ledger and QCC can be used' },
    { href: metrics, name: 'Metrics', text: 'for Prometheus' },
  ];
}

function pageOf(links: readonly Link[], docs: readonly string[]): string {
  const items = links.map(
    ({ href, name, text }) => `<li><a href="${escapeHtml(href)}">${name}</a>: ${text}</li>`,
  );
  const pages = docs.map((name) => `<a href="/docs/${name}">${name.replace(/\.md$/, '')}</a>`);
  if (pages.length > 0) items.push(`<li>Documentation: ${pages.join(', ')}</li>`);
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>endcase-gateway</title><style>${STYLE}</style></head>
<body>
<h1>endcase-gateway</h1>
<p>GraphQL for QCC's terminated cases (终本案件). Send operations to <code>/graphql</code>.</p>
<ul>
${items.join('\n')}
</ul>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
