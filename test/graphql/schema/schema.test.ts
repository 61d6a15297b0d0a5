import {
  buildASTSchema,
  type GraphQLField,
  type GraphQLSchema,
  isEnumType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
} from 'graphql';
import { buildGraph, printSchema } from '../../../src/graphql/schema/schema.js';

/** Types with their fields and arguments, and enums with their values, in the order in which people read them. */
const ORDER = [
  'Query company(searchKey) companies(searchKeys) endCase(id) usage(from to groupBy)',
  'Company searchKey searchKeyKind keyNo creditCode hasEndCases endCases(first after last before offset)',
  'SearchKeyKind KEY_NO CREDIT_CODE REGISTRATION_NO NAME',
  'EndCaseConnection edges nodes pageInfo totalCount retrievedAt stale orderNumbers',
  'EndCaseEdge cursor node',
  'EndCase id caseNo court filingDate endDate enforcementAmount unperformedAmount detail',
  'EndCaseDetail id caseNo court filingDate endDate enforcementAmount unperformedAmount certificateNo judgmentDebtor retrievedAt stale orderNumber',
  'JudgmentDebtor keyNo name company',
  'PageInfo hasNextPage hasPreviousPage startCursor endCursor',
  'Usage total groups',
  'UsageRow key calls billed maybeBilled cached shared elided amount saved',
  'UsageGroup DAY CLIENT METHOD OPERATION STATUS',
];

/** The Chinese term and QCC's name for everything that comes from QCC, as QCC's document has them. */
const TERMS: Readonly<Record<string, readonly string[]>> = {
  Query: ['终本案件', '`EndExecuteCaseCheck`'],
  'Query.company(searchKey)': ['搜索关键字', '`searchKey`'],
  'Query.companies(searchKeys)': ['搜索关键字', '`searchKey`'],
  'Query.endCase': ['终本案件', '`GetDetail`'],
  'Query.endCase(id)': ['案件 ID', '`id`'],
  'Company.searchKey': ['搜索关键字', '`searchKey`'],
  'Company.searchKeyKind': ['搜索关键字'],
  'Company.keyNo': ['KeyNo', '`KeyNo`'],
  'Company.creditCode': ['统一社会信用代码'],
  'Company.hasEndCases': ['数据是否存在', '`VerifyResult`'],
  'Company.endCases': ['终本案件列表', '`GetList`'],
  'SearchKeyKind.KEY_NO': ['KeyNo', '`KeyNo`'],
  'SearchKeyKind.CREDIT_CODE': ['统一社会信用代码'],
  'SearchKeyKind.REGISTRATION_NO': ['注册号'],
  'SearchKeyKind.NAME': ['公司名'],
  EndCaseConnection: ['终本案件列表', '`GetList`'],
  'EndCaseConnection.edges': ['数据信息', '`Data`'],
  'EndCaseConnection.nodes': ['数据信息', '`Data`'],
  'EndCaseConnection.pageInfo': ['分页信息', '`Paging`'],
  'EndCaseConnection.totalCount': ['总记录数', '`Paging.TotalRecords`'],
  EndCase: ['终本案件', '`EndExecuteCaseCheck`'],
  'EndCase.detail': ['终本案件详情', '`GetDetail`'],
  EndCaseDetail: ['终本案件详情', '`GetDetail`'],
  'EndCaseDetail.certificateNo': ['证件号/组织机构代码', '`CerNo`'],
  'EndCaseDetail.judgmentDebtor': ['被执行人信息', '`OwnerInfo`'],
  JudgmentDebtor: ['被执行人信息', '`OwnerInfo`'],
  'JudgmentDebtor.keyNo': ['KeyNo', '`OwnerInfo.KeyNo`'],
  'JudgmentDebtor.name': ['名称', '`OwnerInfo.Name`'],
  'UsageGroup.STATUS': ['状态码', '`Status`'],
  'UsageRow.billed': ['有效请求'],
};
/** The same for the fields that list rows and details have in common. */
const CASE_TERMS: Readonly<Record<string, readonly string[]>> = {
  id: ['案件 ID', '`Id`'],
  caseNo: ['案号', '`CaseNo`'],
  court: ['执行法院', '`Court`'],
  filingDate: ['立案日期', '`LianDate`'],
  endDate: ['终本日期', '`EndDate`'],
  enforcementAmount: ['执行标的', '`ExecuteSubject`'],
  unperformedAmount: ['未履行金额', '`UnperformedAmt`'],
};
for (const [field, terms] of Object.entries(CASE_TERMS)) {
  Object.assign(TERMS, { [`EndCase.${field}`]: terms, [`EndCaseDetail.${field}`]: terms });
}

/** The types of the API, without those that federation and GraphQL add. */
const typesOf = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap()).filter(
    (type) => !/^_|^federation__|^link__/.test(type.name) && !isSpecifiedScalarType(type),
  );

/** The lines of `ORDER`, as a schema has them. */
function orderOf(schema: GraphQLSchema): string[] {
  return typesOf(schema).flatMap((type) => {
    if (isEnumType(type)) return [[type.name, ...type.getValues().map(({ name }) => name)].join(' ')];
    if (!isObjectType(type)) return [];
    const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
    const shown = fields.map(({ name, args }) =>
      args.length > 0 ? `${name}(${args.map((arg) => arg.name).join(' ')})` : name,
    );
    return [[type.name, ...shown].join(' ')];
  });
}

/** Every description by the coordinate of what it describes. */
function* descriptionsOf(schema: GraphQLSchema): Generator<[string, string]> {
  for (const type of typesOf(schema)) {
    yield [type.name, type.description ?? ''];
    if (isEnumType(type)) {
      for (const { name, description } of type.getValues()) yield [`${type.name}.${name}`, description ?? ''];
    }
    if (!isObjectType(type)) continue;
    for (const { name, description, args } of Object.values(type.getFields())) {
      yield [`${type.name}.${name}`, description ?? ''];
      for (const arg of args) yield [`${type.name}.${name}(${arg.name})`, arg.description ?? ''];
    }
  }
}

describe('the schema', () => {
  const schema = buildGraph();
  const sdl = buildASTSchema(parse(printSchema()), { assumeValidSDL: true });

  it('lists types, fields, arguments and values in the order of the contract, in its SDL', () => {
    expect(orderOf(sdl)).toEqual(ORDER);
  });

  it('lists fields, arguments and values in that order to clients that introspect it', () => {
    expect(orderOf(schema).sort()).toEqual([...ORDER].sort());
  });

  it("gives the Chinese term and QCC's name in the description of everything that comes from QCC", () => {
    const descriptions = new Map(descriptionsOf(sdl));
    const missing = Object.entries(TERMS).flatMap(([coordinate, terms]) =>
      terms
        .filter((term) => !descriptions.get(coordinate)?.includes(term))
        .map((term) => `${coordinate} lacks ${term}`),
    );
    expect(missing).toEqual([]);
  });

  it('says what every billed field costs', () => {
    const billed = typesOf(sdl).flatMap((type) =>
      isObjectType(type) ? Object.values(type.getFields()).filter(isBilled) : [],
    );
    expect(billed.map(({ name }) => name)).toEqual(['endCase', 'hasEndCases', 'endCases', 'detail']);
    for (const { description } of billed) expect(description).toMatch(/Costs one (\w+) call/);
  });
});

function isBilled({ astNode }: GraphQLField<unknown, unknown>): boolean {
  const tags = astNode?.directives?.filter(({ name }) => name.value === 'tag') ?? [];
  return tags.some((tag) => print(tag).includes('"billed"'));
}
