import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { buildASTSchema, isEnumType, isObjectType, isSpecifiedScalarType, parse } from 'graphql';
import { printSchema } from '../../../src/graphql/schema/schema.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { waitUntil } from '../../support/wait-until.js';

const SAMPLE = '浙江省临海标准件工业公司';
const KEY_NO = '7629d57f18b20b1927ea4ee5366bfde3';
const CREDIT_CODE = '91110000600037341L';

/** Another subgraph with companies. One of its fields is computed from a field of this subgraph. */
const REGISTRY = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable"])
type Query { registeredCompany(name: String!): Company }
type Company @key(fields: "keyNo") @key(fields: "creditCode") {
  keyNo: ID
  creditCode: String
  name: String!
  hasEndCases: Boolean @external
  riskLevel: String @requires(fields: "hasEndCases")
}`;
/** Another subgraph that has a `Query.company` of its own. */
const OTHER_ROOT = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { company(name: String!): Company }
type Company @key(fields: "keyNo") { keyNo: ID name: String! }`;

const compose = (...sdls: string[]) => {
  const { errors, hints, supergraphSdl } = composeServices(
    sdls.map((sdl, index) => ({ name: `subgraph${index}`, url: 'http://127.0.0.1', typeDefs: parse(sdl) })),
  );
  return {
    errors: errors?.map(({ message }) => message) ?? [],
    hints: hints?.map(({ definition, message }) => `${definition.code}: ${message}`) ?? [],
    supergraphSdl,
  };
};

describe('the subgraph', () => {
  const routerScopes = printSchema({ routerScopes: true });

  it('composes alone and with another subgraph, without a hint', () => {
    for (const sdls of [[printSchema()], [printSchema(), REGISTRY], [routerScopes, REGISTRY]]) {
      const { errors, hints, supergraphSdl } = compose(...sdls);
      expect([errors, hints]).toEqual([[], []]);
      expect(supergraphSdl).toContain('type Company');
    }
  });

  it('composes without its root fields into a graph that has root fields of the same names', () => {
    const { errors, hints, supergraphSdl } = compose(printSchema({ entitiesOnly: true }), OTHER_ROOT);
    expect([errors, hints]).toEqual([[], []]);
    expect(supergraphSdl).not.toContain('type Usage');
    expect(compose(printSchema(), OTHER_ROOT).errors).not.toEqual([]);
  });

  it('requires scopes in its SDL only on request, since some routers do not start with them', () => {
    expect(printSchema()).not.toContain('requiresScopes');
    expect(routerScopes.match(/\S+: \w+ @requiresScopes\(.*?\)/g)).toEqual([
      '): Usage @requiresScopes(scopes: [["usage:read"]])',
      'certificateNo: String @requiresScopes(scopes: [["endcases:pii"]])',
    ]);
    expect(compose(routerScopes).supergraphSdl).toContain('@requiresScopes(scopes: [["endcases:pii"]])');
    expect(printSchema({ entitiesOnly: true, routerScopes: true })).toContain('["endcases:pii"]');
  });

  it('names and describes everything as is usual', () => {
    const wrong: string[] = [];
    const schema = buildASTSchema(parse(printSchema()), { assumeValidSDL: true });
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
      const check = (name: string, pattern: RegExp, description: string | null | undefined) => {
        if (!pattern.test(name)) wrong.push(`${name} is not named as usual`);
        if (!description?.endsWith('.')) wrong.push(`${name} is not described`);
      };
      check(type.name, /^[A-Z][A-Za-z]*$/, type.description);
      if (isEnumType(type)) {
        for (const { name, description } of type.getValues()) check(`${name}`, /^[A-Z_]+$/, description);
      }
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        check(`${field.name}`, /^[a-z][A-Za-z]*$/, field.description);
        for (const arg of field.args) check(`${arg.name}`, /^[a-z][A-Za-z]*$/, arg.description);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe('_entities', () => {
  let setup: TestGateway;
  beforeEach(async () => {
    setup = await startTestGateway();
  });
  afterEach(() => setup.close());

  const entities = (selection: string, representations: object[]) =>
    setup.query(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
      { representations },
    );
  const company = (keys: object) => ({ __typename: 'Company', ...keys });
  const endCase = (id: string) => ({ __typename: 'EndCase', id });

  it('cost nothing until a field is selected that must be bought', async () => {
    const { data, errors } = await entities(
      '__typename ... on Company { searchKey searchKeyKind keyNo creditCode } ... on EndCase { id }',
      [
        company({ keyNo: KEY_NO, creditCode: CREDIT_CODE, searchKey: SAMPLE }),
        company({ keyNo: null, creditCode: CREDIT_CODE.toLowerCase() }),
        company({ searchKey: SAMPLE }),
        company({ keyNo: null, creditCode: null }),
        endCase('x'),
      ],
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toMatchObject([
      { __typename: 'Company', searchKey: KEY_NO, searchKeyKind: 'KEY_NO', keyNo: KEY_NO },
      { searchKey: CREDIT_CODE, searchKeyKind: 'CREDIT_CODE', keyNo: null, creditCode: CREDIT_CODE },
      { searchKey: SAMPLE, searchKeyKind: 'NAME' },
      null,
      { __typename: 'EndCase', id: 'x' },
    ] as object[]);
    expect(setup.sandbox.statistics.total.calls).toBe(0);
  });

  it('200 with duplicates, under two aliases, buy each distinct answer once', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `case ${index}`);
    const keys = Array.from({ length: 20 }, (_, index) => `sandbox:rows:${index + 1}`);
    const representations = Array.from({ length: 200 }, (_, index) =>
      index % 2 ? endCase(ids[index % 40] ?? '') : company({ searchKey: keys[index % 20] }),
    );
    const selection =
      '... on EndCase { court detail { certificateNo } } ... on Company { hasEndCases endCases(first: 1) { totalCount } }';
    const { data, errors, extensions } = await setup.query(
      `query ($r: [_Any!]!) { a: _entities(representations: $r) { ${selection} } b: _entities(representations: $r) { ${selection} } }`,
      { r: representations },
    );
    expect(errors).toBeUndefined();
    expect([data.a.length, data.b.length]).toEqual([200, 200]);
    expect(data.a).toEqual(data.b);
    // The representations name every other case and every other company: 20 cases and 10 companies.
    expect(setup.sandbox.statistics.total).toMatchObject({ calls: 30, billed: 30 });
    expect(extensions.cost.billed).toBe(30);
  });

  it('fail one by one, and say what is expected', async () => {
    const { data, errors } = await entities(
      '__typename ... on EndCase { court } ... on Company { hasEndCases }',
      [
        { __typename: 'Court', id: '1' },
        { __typename: 'EndCase' },
        company({ keyNo: SAMPLE }),
        company({ creditCode: '913301007996550588' }),
        company({ searchKey: 'x' }),
        endCase('sandbox:status:208'),
        endCase('nobody'),
        company({ searchKey: SAMPLE }),
      ],
    );
    expect(data._entities).toEqual([...Array(7).fill(null), { __typename: 'Company', hasEndCases: true }]);
    expect(errors?.map(({ path, extensions }) => [path?.[1], extensions.code])).toEqual(
      [0, 1, 2, 3, 4, 5].map((index) => [index, 'BAD_USER_INPUT']),
    );
    expect(setup.sandbox.statistics.total.calls).toBe(3);
  });

  it('are counted in the estimate, and bounded', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on EndCase { court } ... on Company { endCases(first: 30) { nodes { id } } } } }`;
    const r = [
      endCase('a'),
      endCase('b'),
      endCase('a'),
      company({ searchKey: SAMPLE }),
      company({ searchKey: 'x' }),
    ];
    const dry = await setup.post({ query, variables: { r } }, { headers: { 'x-cost-dry-run': '1' } });
    const { extensions } = (await dry.json()) as { extensions: { cost: { estimate: object } } };
    expect(extensions.cost.estimate).toEqual({ min: 3, max: 4 });
    const many = Array.from({ length: 201 }, (_, index) => endCase(`case ${index}`));
    const costly = await setup.query(query, { r: many });
    expect(costly.errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED');
    const tooMany = await setup.query(query, { r: Array(1001).fill(endCase('a')) });
    expect(tooMany.errors?.[0]).toMatchObject({
      message: expect.stringContaining('1001 representations. MAX_ENTITIES allows 1000'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(setup.sandbox.statistics.total.calls).toBe(0);
  });

  it('are declared in the SDL that is committed', async () => {
    const { data } = await setup.query('{ _service { sdl } }');
    expect(data._service.sdl).toBe(readFileSync(join(__dirname, '../../../schema/schema.graphql'), 'utf8'));
  });

  it('buy the details of a batch concurrently', async () => {
    const response = entities('... on EndCase { court }', [endCase('a'), endCase('b'), endCase('c')]);
    await waitUntil(() => setup.sandbox.statistics.total.calls === 3);
    expect((await response).errors).toBeUndefined();
  });
});
