import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StatefulSet } from 'kubernetes-models/apps/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../../src/config/config.js';
import { closeAfterTest } from '../../support/cleanup.js';
import { type Data, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { priceVariables } from '../../support/price-variables.js';
import { itWithPromtool } from '../../support/promtool.js';

const ROOT = join(__dirname, '..', '..', '..');
const DEPLOY = join(ROOT, 'deploy');
const ALERTS = join(DEPLOY, 'prometheus', 'alerts.yaml');

function promtool(args: readonly string[], input?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

const documentsOf = (file: string): Data[] =>
  parseAllDocuments(readFileSync(join(DEPLOY, file), 'utf8')).map((document) => document.toJS());

describe('monitoring', () => {
  let setup: TestGateway;
  let metrics: string;
  beforeAll(async () => {
    setup = await startTestGateway({
      env: { BUDGET_PER_DAY: '100', ...priceVariables({ GetList: '1.2', GetDetail: '0.3' }) },
    });
    // The first buys, the second reads memory and is cached, the third is answered from the response cache.
    for (const _ of [1, 2, 3]) {
      await setup.query('{ company(searchKey: "sandbox:rows:3") { endCases { nodes { court } } } }');
    }
    await setup.query('{ company(searchKey: "sandbox:status:203") { hasEndCases } }');
    await setup.post({}, { body: '{' });
    metrics = await (await fetch(new URL('/metrics', setup.gateway.url))).text();
  });
  afterAll(() => setup.close());

  const dashboard: Data = JSON.parse(readFileSync(join(DEPLOY, 'grafana', 'dashboard.json'), 'utf8'));
  const shown: string[] = dashboard.panels.flatMap(({ targets }: Data) =>
    targets.map(({ expr }: Data) => expr),
  );
  const alerts: string[] = documentsOf('prometheus/alerts.yaml').flatMap(({ groups }) =>
    groups.flatMap(({ rules }: Data) => rules.map(({ expr }: Data) => expr)),
  );

  it('uses only metrics that the gateway has', () => {
    const names = [...shown, ...alerts].flatMap((expr) => expr.match(/(endcase|nodejs|process)_\w+/g) ?? []);
    const missing = names.filter((name) => !new RegExp(`^${name}(\\{| )`, 'm').test(metrics));
    expect(missing).toEqual([]);
    expect(new Set(names).size).toBeGreaterThan(20);
  });

  it('shows spending, the budget, cache hits, outcomes and the state of the upstream', () => {
    for (const line of [
      'endcase_spend_yuan_total{method="GetList"} 1.2',
      'endcase_budget_left_calls 99',
      'endcase_budget_limit_calls 100',
      'endcase_cache_hits_total{layer="memory"} 2',
      'endcase_calls_avoided_total{method="GetList",reason="cached"} 2',
      'endcase_response_cache_hits_total 1',
      'endcase_operations_total{client="anonymous",outcome="ok"} 3',
      'endcase_errors_total{code="UPSTREAM_FAILURE"} 1',
      'endcase_requests_refused_total{code="BAD_REQUEST"} 1',
      'endcase_upstream_state{state="ok"} 1',
      'endcase_upstream_queue_depth 0',
    ]) {
      expect(metrics).toContain(line);
    }
  });

  it('counts dry runs, handshakes of persisted queries and mistakes of clients apart from failures', async () => {
    const setup = closeAfterTest(await startTestGateway());
    // None of these is a failure of the gateway or of QCC.
    const sound = '{ company(searchKey: "sandbox:rows:3") { hasEndCases } }';
    await setup.post({ query: sound }, { headers: { 'x-cost-dry-run': '1' } });
    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(sound).digest('hex') };
    await setup.post({ extensions: { persistedQuery } });
    for (const mistake of ['{', '{ nothing }', '{ company(searchKey: "") { hasEndCases } }']) {
      await setup.query(mistake);
    }
    // This one is, though the search key that the client sent comes back. The next two brought an answer.
    await setup.query('{ company(searchKey: "sandbox:reset") { searchKey endCases { totalCount } } }');
    await setup.query('{ companies(searchKeys: ["sandbox:rows:3", "sandbox:reset"]) { hasEndCases } }');
    const outcomes = (await (await fetch(new URL('/metrics', setup.gateway.url))).text()).matchAll(
      /^endcase_operations_total\{client="anonymous",outcome="(\w+)"\} (\d+)$/gm,
    );
    expect(Object.fromEntries([...outcomes].map(([, outcome, count]) => [outcome, Number(count)]))).toEqual({
      dry_run: 1,
      persisted_query_not_found: 1,
      client_error: 3,
      failed: 1,
      partial: 1,
    });
  });

  itWithPromtool(
    'passes the checks of promtool: metrics, alerts with their unit tests, dashboard queries',
    () => {
      const own = metrics.split('\n').filter((line) => /^(# (HELP|TYPE) )?endcase_/.test(line));
      expect(promtool(['check', 'metrics'], `${own.join('\n')}\n`)).toEqual({ status: 0, output: '' });
      expect(promtool(['check', 'rules', ALERTS])).toMatchObject({ status: 0 });
      expect(promtool(['test', 'rules', join(DEPLOY, 'prometheus', 'alerts.test.yaml')])).toMatchObject({
        status: 0,
      });
      const folder = mkdtempSync(join(tmpdir(), 'endcase-'));
      const rules = shown.map((expr, index) => ({
        record: `panel:${index}`,
        expr: expr.replaceAll('$__rate_interval', '1m'),
      }));
      writeFileSync(join(folder, 'panels.yaml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }));
      expect(promtool(['check', 'rules', join(folder, 'panels.yaml')])).toMatchObject({ status: 0 });
      rmSync(folder, { recursive: true });
    },
  );

  const text = readFileSync(join(ROOT, 'docs', 'operations.md'), 'utf8');

  it('has every metric with its labels in docs/operations.md, and no other', () => {
    const exported = new Map<string, Set<string>>();
    for (const [, name = '', type = ''] of metrics.matchAll(/^# TYPE (endcase_\w+) (\w+)$/gm)) {
      const series = metrics.matchAll(
        new RegExp(`^${name}${type === 'histogram' ? '_count' : ''}\\{(.*)\\}`, 'gm'),
      );
      const labels = [...series].flatMap(([, list = '']) =>
        [...list.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
      );
      exported.set(name, new Set(labels));
    }
    const quoted = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
    const rows = text.split('\n').filter((line) => line.startsWith('| `endcase_'));
    const documented = rows.flatMap((row) => {
      const [, names = '', labels = ''] = row.split('|');
      return quoted(names).map((name): [string, Set<string>] => [name, new Set(quoted(labels))]);
    });
    // A metric without a sample yet shows no labels.
    for (const [name, labels] of documented) if (exported.get(name)?.size === 0) exported.set(name, labels);
    expect(new Map(documented)).toEqual(exported);
    expect(exported.size).toBeGreaterThan(15);
  });

  it('has a section of docs/operations.md for each alert, which is its runbook', () => {
    const rules: Data[] = documentsOf('prometheus/alerts.yaml').flatMap(({ groups }) =>
      groups.flatMap(({ rules }: Data) => rules),
    );
    const sections = [...text.matchAll(/^### (Endcase\w+)$/gm)].map(([, name]) => name);
    expect(rules.map(({ alert }) => alert).sort()).toEqual(sections.sort());
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });
});

const SECRETS = { QCC_KEY: 'k', QCC_SECRET_KEY: 's', AUTH_API_KEYS: `a:${'0'.repeat(64)}` };
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const IMAGE = `endcase-gateway:${version}`;

/** The variables that the configuration does not read: no value of theirs changes it, or is a fault. */
function unknownVariables(env: Readonly<Record<string, string>>): string[] {
  const resultOf = (variables: Record<string, string>) => {
    try {
      return JSON.stringify(parseConfig(variables));
    } catch (error) {
      return String(error);
    }
  };
  const others = { ...SECRETS, HOST: '127.0.0.1' };
  return Object.keys(env).filter((name) => {
    const unset = resultOf({ ...others, [name]: '' });
    return ['1', '9s', 'x'].every((value) => resultOf({ ...others, [name]: value }) === unset);
  });
}

it('finds variables that the configuration does not read', () => {
  const env = { PORT: '1', BUDGET_PER_DAI: '5', DATA_DIR: '/data', QCC_KEY: 'k', RATE_LIMIT: '1/1s' };
  expect(unknownVariables(env)).toEqual(['BUDGET_PER_DAI', 'RATE_LIMIT']);
});

describe.each(['kubernetes/embedded.yaml', 'kubernetes/redis.yaml'])('%s', (file) => {
  const documents = documentsOf(file);
  const set = documents.find(({ kind }) => kind === 'StatefulSet');
  const [container] = set.spec.template.spec.containers;

  it('fits the schemas of Kubernetes', () => {
    expect(documents.map(({ kind }) => kind).sort()).toEqual([
      'PodDisruptionBudget',
      'Service',
      'StatefulSet',
    ]);
    for (const document of documents) {
      const Model = { StatefulSet, Service, PodDisruptionBudget }[document.kind as string];
      if (!Model) throw new TypeError(`no schema for ${document.kind}`);
      expect(() => new Model(document).validate()).not.toThrow();
    }
    const broken = structuredClone(set);
    broken.spec.template.spec.containers[0].ports[0].containerPort = 'http';
    expect(() => new StatefulSet(broken).validate()).toThrow(/containerPort must be integer/);
  });

  it('runs the image of this version with a valid configuration, on the ports and the volume of the pod', () => {
    expect(container.image).toBe(IMAGE);
    const env = Object.fromEntries(container.env.map(({ name, value }: Data) => [name, value]));
    expect(unknownVariables(env)).toEqual([]);
    const config = parseConfig({ ...env, ...SECRETS, NODE_ENV: 'production' });
    const ports = Object.fromEntries(
      container.ports.map(({ name, containerPort }: Data) => [name, containerPort]),
    );
    expect([config.port, config.adminPort]).toEqual([ports.http, ports.metrics]);
    expect(set.spec.template.metadata.annotations['prometheus.io/port']).toBe(String(config.adminPort));
    expect(config.dataDir).toBe(container.volumeMounts[0].mountPath);
    const grace = set.spec.template.spec.terminationGracePeriodSeconds * 1000;
    expect(grace).toBeGreaterThan(config.drainDelay + 10_000);
  });

  it('has one replica with the embedded store, and several with Redis', () => {
    expect(set.spec.replicas === 1).toBe(file.includes('embedded'));
  });
});

describe('compose.yaml', () => {
  const [{ services, volumes }] = documentsOf('compose.yaml') as [Data];
  const { gateway } = services;

  it('builds the image of this version from the repository', () => {
    expect(Object.keys(services)).toEqual(['gateway']);
    expect(gateway.image).toBe(IMAGE);
    expect(resolve(DEPLOY, gateway.build)).toBe(ROOT);
  });

  it('runs it with a valid configuration, on the published ports and a named volume', () => {
    const required = Object.keys(gateway.environment).filter((name) =>
      gateway.environment[name].startsWith('$'),
    );
    expect(required.map((name) => gateway.environment[name])).toEqual(
      required.map((name) => `\${${name}:?}`),
    );
    expect(required.sort()).toEqual(Object.keys(SECRETS).sort());
    expect(unknownVariables(gateway.environment)).toEqual([]);
    const config = parseConfig({ ...gateway.environment, ...SECRETS, NODE_ENV: 'production' });
    expect(gateway.ports).toEqual([config.port, config.adminPort].map((port) => `127.0.0.1:${port}:${port}`));
    expect(gateway.volumes).toEqual([`data:${config.dataDir}`]);
    expect(Object.keys(volumes)).toEqual(['data']);
    expect(Number.parseInt(gateway.stop_grace_period, 10) * 1000).toBeGreaterThan(config.drainDelay + 10_000);
  });
});

describe('the image', () => {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

  it('has the Node version of .nvmrc, runs as an unprivileged user, and has a health check', () => {
    const version = readFileSync(join(ROOT, '.nvmrc'), 'utf8').trim();
    expect([...text.matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => major)).toEqual([version, version]);
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
    const env = Object.fromEntries(
      (/^ENV (.*)$/m.exec(text)?.[1] ?? '').split(' ').map((pair) => pair.split('=') as [string, string]),
    );
    expect(() => parseConfig(env)).toThrow(/QCC_KEY and QCC_SECRET_KEY must be set/);
  });

  it('starts Node with the options of npm start', () => {
    const command: string[] = JSON.parse(/^CMD (\[.*\])$/m.exec(text)?.[1] ?? '');
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(scripts.start).toBe(`exec ${command.join(' ')}`);
    expect(text).toMatch(/^FROM node:\d+-bookworm-slim$/m);
  });

  it('has a health check that runs in the image', async () => {
    const gateway = closeAfterTest(await startTestGateway());
    const [program = '', ...args] = JSON.parse(/^ {2}CMD (\[.*\])$/m.exec(text)?.[1] ?? '');
    const check = async (port: string) => {
      const [code] = await once(spawn(program, args, { env: { ...process.env, PORT: port } }), 'exit');
      return code;
    };
    expect(await check(new URL(gateway.url).port)).toBe(0);
    await gateway.stop();
    expect(await check(new URL(gateway.url).port)).toBe(1);
  });

  it('copies only files that .dockerignore lets through', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
    const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied.length).toBeGreaterThan(3);
    for (const file of copied) expect(ignored).toContain(`!${file}\n`);
  });
});
