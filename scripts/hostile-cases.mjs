// The requests that hostile-requests.mjs sends, by name. A text is a body as it stands.

const times = (count, make, separator = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);
const list = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const KEY = 'sandbox:rows:100';
const ROW = 'id caseNo court filingDate endDate enforcementAmount unperformedAmount';
const same = list(100, () => KEY);
const long = list(100, () => '长'.repeat(3000));
const companies = (aliases, selection) =>
  `query ($k: [String!]!) { ${times(aliases, (index) => `a${index}: companies(searchKeys: $k) { ${selection} }`)} }`;
const nestedJson = (depth) =>
  `{"query":"{ __typename }","variables":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
const reps = (count, typename) =>
  list(count, (index) =>
    typename === 'Company'
      ? { __typename: typename, searchKey: `sandbox:rows:${index}` }
      : { __typename: typename, id: `case-${index}` },
  );
const entities = '_entities(representations: $r)';
const INTROSPECTED =
  '__schema { types { name fields { name args { name type { name } } type { name ofType { name ofType { name } } } } } }';
const cursorOf = (text) => Buffer.from(text).toString('base64url');

/** Requests that must be refused, or answered, at little cost: a name, and a body. */
export const HOSTILE = {
  '10 aliases of 100 companies with 100 rows each': {
    query: companies(10, 'endCases(first: 100) { nodes { id } }'),
    variables: { k: same },
  },
  '100 aliases of the same': {
    query: companies(100, 'endCases(first: 100) { nodes { id } }'),
    variables: { k: same },
  },
  '480 aliases of 100 keys of 3,000 characters': {
    query: companies(480, '__typename'),
    variables: { k: long },
  },
  '480 aliases of 100 short keys that are none': {
    query: companies(480, '__typename'),
    variables: { k: list(100, () => 'x') },
  },
  '480 aliases of 100 wrong windows': {
    query: companies(480, 'endCases(first: 101) { totalCount }'),
    variables: { k: same },
  },
  '480 aliases of 100 windows with a cursor of another list': {
    query: companies(480, 'endCases(after: "MSAwMDAwMDAwMDAwMDAwMDAwIDEgYQ") { totalCount }'),
    variables: { k: same },
  },
  '480 windows on 100 companies, all different': {
    query: `query ($k: [String!]!) { companies(searchKeys: $k) { ${times(480, (index) => `a${index}: endCases(offset: ${index}, first: 0) { totalCount }`)} } }`,
    variables: { k: list(100, (index) => `sandbox:rows:${index + 1}`) },
  },
  '480 equal windows on 100 companies': {
    query: companies(
      1,
      times(480, (index) => `a${index}: endCases(first: 1) { totalCount }`),
    ),
    variables: { k: list(100, (index) => `sandbox:rows:${index + 1}`) },
  },
  '480 aliases of hasEndCases on 100 companies': {
    query: companies(
      1,
      times(480, (index) => `a${index}: hasEndCases`),
    ),
    variables: { k: list(100, (index) => `sandbox:rows:${index + 1}`) },
  },
  '490 aliases of 100 different companies': {
    query: `query (${times(490, (index) => `$k${index}: [String!]!`)}) { ${times(490, (index) => `a${index}: companies(searchKeys: $k${index}) { hasEndCases }`)} }`,
    variables: Object.fromEntries(
      list(490, (index) => [`k${index}`, list(100, (key) => `company ${index} ${key}`)]),
    ),
  },
  'one list of 49,000 keys': {
    query: companies(1, 'hasEndCases'),
    variables: { k: list(49_000, (index) => `company ${index}`) },
  },
  'a cursor of 800 KB': {
    query:
      'query ($c: String) { company(searchKey: "sandbox:rows:100") { endCases(after: $c) { totalCount } } }',
    variables: { c: cursorOf('x'.repeat(600_000)) },
  },
  'a search key of 900 KB': {
    query: 'query ($k: String!) { company(searchKey: $k) { hasEndCases } }',
    variables: { k: '长'.repeat(300_000) },
  },
  'the id of a case of 900 KB': {
    query: 'query ($k: ID!) { endCase(id: $k) { caseNo } }',
    variables: { k: 'x'.repeat(900_000) },
  },
  '490 aliases of usage for 400 days': {
    query: `{ ${times(490, (index) => `a${index}: usage(from: "2020-01-01T00:00:00Z", groupBy: OPERATION) { groups { key calls } }`)} }`,
  },
  '490 different periods of usage': {
    query: `{ ${times(490, (index) => `a${index}: usage(from: "2020-01-01T00:00:00Z", to: "2026-11-${String((index % 28) + 1).padStart(2, '0')}T${String(index % 24).padStart(2, '0')}:00:00Z") { total { calls } }`)} }`,
  },
  '9,990 times __typename': { query: `{ ${times(9990, () => '__typename')} }` },
  '3,000 aliases of __typename': { query: `{ ${times(3000, (index) => `a${index}: __typename`)} }` },
  '450 times one field with arguments': {
    query: `{ ${times(450, () => 'company(searchKey: "ab") { searchKey }')} }`,
  },
  'lists nested 4,900 deep': {
    query: `{ companies(searchKeys: ${'['.repeat(4900)}${']'.repeat(4900)}) { searchKey } }`,
  },
  'inline fragments nested 3,000 deep': {
    query: `{ ${'... { '.repeat(3000)} __typename ${'} '.repeat(3000)} }`,
  },
  '30 fragments that each spread the next twice': {
    query: `{ company(searchKey: "ab") { ...F0 } } ${times(30, (index) => `fragment F${index} on Company { a: endCases { nodes { detail { judgmentDebtor { company { ...F${index + 1} } } } } } b: endCases { nodes { detail { judgmentDebtor { company { ...F${index + 1} } } } } } }`)} fragment F30 on Company { searchKey }`,
  },
  '51 directives on one field': { query: `{ __typename ${times(51, () => '@skip(if: false)')} }` },
  '1,000 operations': { query: times(1000, (index) => `query q${index} { __typename }`) },
  '500 fragments': {
    query: `{ ${times(500, (index) => `...F${index}`)} } ${times(500, (index) => `fragment F${index} on Query { __typename }`)}`,
  },
  'a literal list of 9,900 keys': {
    query: `{ companies(searchKeys: [${times(9900, () => '"ab"')}]) { searchKey } }`,
  },
  'an operation name of 900 KB': {
    query: `query ${'x'.repeat(900_000)} { company(searchKey: "sandbox:rows:100") { hasEndCases } }`,
  },
  'the same as operationName, of an operation that does not exist': {
    query: 'query a { __typename }',
    operationName: 'x'.repeat(900_000),
  },
  'a field name of 900 KB': { query: `{ ${'x'.repeat(900_000)} }` },
  'an alias of 900 KB on 100 companies': {
    query: companies(1, `${'x'.repeat(900_000)}: searchKey`),
    variables: { k: same },
  },
  'a string of 900 KB in the document': {
    query: `{ company(searchKey: "${'x'.repeat(900_000)}") { searchKey } }`,
  },
  'variables nested 500,000 deep': nestedJson(500_000),
  'variables nested 10,000 deep': nestedJson(10_000),
  'a document of 800,000 empty lines with 100 unknown fields': {
    query: `${'\n'.repeat(800_000)}{ ${times(100, (index) => `f${index}`)} }`,
  },
  'a document of 9,900 empty lines with 100 unknown fields': {
    query: `${'\n'.repeat(9900)}{ ${times(100, (index) => `f${index}`)} }`,
  },
  '900,000 blanks before 10 aliases of 100 keys that are none': {
    query: `${' '.repeat(900_000)}${companies(10, 'searchKey')}`,
    variables: { k: list(100, () => 'x') },
  },
  'a list of 240,000 keys': { query: companies(1, 'searchKey'), variables: { k: list(240_000, () => 'x') } },
  'variables with 80,000 names': {
    query: '{ __typename }',
    variables: Object.fromEntries(list(80_000, (index) => [`v${index}`, 1])),
  },
  'a list of 400,000 numbers for a list of keys': {
    query: companies(1, 'searchKey'),
    variables: { k: list(400_000, () => 1) },
  },
  '10,000 representations': {
    query: `query ($r: [_Any!]!) { ${entities} { __typename } }`,
    variables: { r: reps(10_000, 'Company') },
  },
  '1,000 representations without a key that can be read': {
    query: `query ($r: [_Any!]!) { ${entities} { __typename } }`,
    variables: { r: list(1000, () => ({ __typename: 'Company', searchKey: 'x' })) },
  },
  '1,000 representations with 100 rows each': {
    query: `query ($r: [_Any!]!) { ${entities} { ... on Company { endCases(first: 100) { nodes { ${ROW} } } } } }`,
    variables: { r: reps(1000, 'Company') },
  },
  '200 selections of __schema': { query: `{ ${times(200, (index) => `a${index}: ${INTROSPECTED}`)} }` },
  '480 aliases in __schema': {
    query: `{ __schema { types { fields { ${times(480, (index) => `a${index}: name`)} } } } }`,
  },
};

/** The largest requests within the limits. */
export const LEGITIMATE = {
  'a page of 10 rows': {
    query: `{ company(searchKey: "${KEY}") { endCases { nodes { ${ROW} } pageInfo { endCursor hasNextPage } } } }`,
  },
  '100 companies with 100 rows, ids alone': {
    query: companies(1, 'endCases(first: 100) { nodes { id } }'),
    variables: { k: same },
  },
  '100 companies with 100 rows of 9 fields': {
    query: companies(1, `endCases(first: 100) { nodes { ${ROW} detail { id } } }`),
    variables: { k: same },
  },
  '100 companies with 100 cursors and rows': {
    query: companies(1, `endCases(first: 100) { edges { cursor node { ${ROW} } } }`),
    variables: { k: same },
  },
  '480 aliases of 100 companies': { query: companies(480, 'searchKey'), variables: { k: same } },
  '100 companies under 480 aliases of one field': {
    query: companies(
      1,
      times(480, (index) => `a${index}: searchKey`),
    ),
    variables: { k: same },
  },
  '100 rows under 480 aliases of one field, twice': {
    query: `{ company(searchKey: "${KEY}") { endCases(first: 100) { nodes { ${times(240, (index) => `a${index}: caseNo`)} } edges { node { ${times(240, (index) => `b${index}: caseNo`)} } } } } }`,
  },
  '100 keys of 200 characters under 480 aliases': {
    query: companies(
      1,
      times(480, (index) => `a${index}: searchKey`),
    ),
    variables: { k: list(100, (index) => `${index}${'长'.repeat(190)}`) },
  },
  '1,000 companies as entities': {
    query: `query ($r: [_Any!]!) { ${entities} { ... on Company { searchKey searchKeyKind keyNo creditCode } } }`,
    variables: { r: reps(1000, 'Company') },
  },
  'ten introspections': { query: `{ ${times(10, (index) => `a${index}: ${INTROSPECTED}`)} }` },
};
