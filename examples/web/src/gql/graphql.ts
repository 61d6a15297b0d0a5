/* eslint-disable */
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** 日期, a calendar day as `YYYY-MM-DD` (ISO 8601). */
  Date: { input: string; output: string; }
  /** A date-time string at UTC, such as 2007-12-03T10:15:30Z, compliant with the `date-time` format outlined in section 5.6 of the RFC 3339 profile of the ISO 8601 standard for representation of dates and times using the Gregorian calendar. */
  DateTime: { input: string; output: string; }
  /** An exact decimal number as a string without exponent, such as `"251198.34"`. */
  Decimal: { input: string; output: string; }
};

/** 企业, a company, identified by its search key. Only `hasEndCases` and `endCases` call QCC; the other fields cost nothing. */
export type Company = {
  __typename?: 'Company';
  /** 统一社会信用代码, the unified social credit code. Null unless the search key is a credit code. */
  creditCode?: Maybe<Scalars['String']['output']>;
  /** 终本案件列表, the company's terminated cases in QCC's order: the first 10 if neither `first` nor `last` is given. Costs one GetList call for each page of 20 cases that the window covers and that is not in the cache: at most 7. Paging ends at case 5,000. QCC: `GetList`. */
  endCases?: Maybe<EndCaseConnection>;
  /** 数据是否存在, whether the company has terminated cases. Costs one GetList call, unless page 1 is cached or another field of the request buys a page of this company. QCC: `VerifyResult`. */
  hasEndCases?: Maybe<Scalars['Boolean']['output']>;
  /** KeyNo (企查查唯一标识), the id that QCC gives the company. Null unless the search key is a KeyNo. QCC: `KeyNo`. */
  keyNo?: Maybe<Scalars['ID']['output']>;
  /** 搜索关键字, the search key that is sent to QCC: a KeyNo, unified social credit code, registration number or name. QCC: `searchKey`. */
  searchKey: Scalars['String']['output'];
  /** The kind of `searchKey` (搜索关键字). */
  searchKeyKind: SearchKeyKind;
};


/** 企业, a company, identified by its search key. Only `hasEndCases` and `endCases` call QCC; the other fields cost nothing. */
export type CompanyEndCasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};

/** 终本案件 (终结本次执行程序), a case whose enforcement procedure the court terminated because it found no further assets to enforce against. QCC: `EndExecuteCaseCheck`. */
export type EndCase = {
  __typename?: 'EndCase';
  /** 案号, the case number. QCC: `CaseNo`. */
  caseNo?: Maybe<Scalars['String']['output']>;
  /** 执行法院, the court that enforces the case. QCC: `Court`. */
  court?: Maybe<Scalars['String']['output']>;
  /** 终本案件详情, the case in full. Costs one GetDetail call, and only if `certificateNo` or `judgmentDebtor` is selected: the list row has the other fields. QCC: `GetDetail`. */
  detail?: Maybe<EndCaseDetail>;
  /** 终本日期, the day the enforcement procedure was terminated. QCC: `EndDate`. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** 执行标的, the amount to be enforced, in yuan. QCC: `ExecuteSubject`. */
  enforcementAmount?: Maybe<Scalars['Decimal']['output']>;
  /** 立案日期, the day the case was filed. QCC: `LianDate`. */
  filingDate?: Maybe<Scalars['Date']['output']>;
  /** 案件 ID, the id of the case. QCC: `Id`. */
  id: Scalars['ID']['output'];
  /** 未履行金额, the amount still unpaid, in yuan. QCC: `UnperformedAmt`. */
  unperformedAmount?: Maybe<Scalars['Decimal']['output']>;
};

/** 终本案件列表, a window of a company's terminated cases, as the Relay specification defines connections. QCC: `GetList`. */
export type EndCaseConnection = {
  __typename?: 'EndCaseConnection';
  /** 数据信息, the cases of the window with their cursors. QCC: `Data`. */
  edges: Array<EndCaseEdge>;
  /** 数据信息, the cases of the window. QCC: `Data`. */
  nodes: Array<EndCase>;
  /** 订单号, QCC's order numbers of these pages, as on its invoice, in the order of the pages. Costs what `retrievedAt` costs. QCC: `OrderNumber`. */
  orderNumbers: Array<Scalars['String']['output']>;
  /** 分页信息, the position of the window in the list. QCC: `Paging`. */
  pageInfo: PageInfo;
  /** 获取时间, how current the cases are: when the oldest of the pages that cover the window arrived from QCC. For a window without cases, when the page that gave `totalCount` arrived. If neither `nodes` nor `edges` is selected, it costs what `totalCount` costs. */
  retrievedAt: Scalars['DateTime']['output'];
  /** 是否过期, whether one of these pages is past its TTL, or older than the header `x-cost-max-age` allows. Such pages are served only if QCC fails. Costs what `retrievedAt` costs. */
  stale: Scalars['Boolean']['output'];
  /** 总记录数, how many cases the company has, inside and outside the window. Costs one GetList call, unless page 1 is cached or another field of the request buys a page of this company. QCC: `Paging.TotalRecords`. */
  totalCount: Scalars['Int']['output'];
};

/** 终本案件详情, a terminated case in full. QCC: `GetDetail`. */
export type EndCaseDetail = {
  __typename?: 'EndCaseDetail';
  /** 案号, the case number. QCC: `CaseNo`. */
  caseNo?: Maybe<Scalars['String']['output']>;
  /** 证件号/组织机构代码, the identity number or organisation code of the debtor, masked where QCC masks it. Costs the GetDetail call of the case. Needs the scope `endcases:pii`. QCC: `CerNo`. */
  certificateNo?: Maybe<Scalars['String']['output']>;
  /** 执行法院, the court that enforces the case. QCC: `Court`. */
  court?: Maybe<Scalars['String']['output']>;
  /** 终本日期, the day the enforcement procedure was terminated. QCC: `EndDate`. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** 执行标的, the amount to be enforced, in yuan. QCC: `ExecuteSubject`. */
  enforcementAmount?: Maybe<Scalars['Decimal']['output']>;
  /** 立案日期, the day the case was filed. QCC: `LianDate`. */
  filingDate?: Maybe<Scalars['Date']['output']>;
  /** 案件 ID, the id of the case. QCC: `Id`. */
  id: Scalars['ID']['output'];
  /** 被执行人信息, the judgment debtor. Costs the GetDetail call of the case. QCC: `OwnerInfo`. */
  judgmentDebtor?: Maybe<JudgmentDebtor>;
  /** 订单号, QCC's order number of that answer, as on its invoice. Costs nothing by itself. QCC: `OrderNumber`. */
  orderNumber?: Maybe<Scalars['String']['output']>;
  /** 获取时间, how current the detail is: when the answer that it comes from arrived from QCC. That is the answer of GetDetail if the cache has it or the request buys it, otherwise the page of the list. Costs nothing by itself. */
  retrievedAt: Scalars['DateTime']['output'];
  /** 是否过期, whether that answer is past its TTL, or older than the header `x-cost-max-age` allows. Such an answer is served only if QCC fails. Costs nothing by itself. */
  stale: Scalars['Boolean']['output'];
  /** 未履行金额, the amount still unpaid, in yuan. QCC: `UnperformedAmt`. */
  unperformedAmount?: Maybe<Scalars['Decimal']['output']>;
};

/** A case (终本案件) with its cursor. */
export type EndCaseEdge = {
  __typename?: 'EndCaseEdge';
  /** The position of the case in the list, for `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** 终本案件, the case. */
  node: EndCase;
};

/** 被执行人信息, the judgment debtor. QCC: `OwnerInfo`. */
export type JudgmentDebtor = {
  __typename?: 'JudgmentDebtor';
  /** The debtor as a company (企业), by its KeyNo. Null for a natural person, and for a debtor without a KeyNo. Costs nothing by itself: only its `hasEndCases` and `endCases` call QCC. */
  company?: Maybe<Company>;
  /** KeyNo (企查查唯一标识), the id that QCC gives the debtor. That of a natural person begins with `p`. QCC: `OwnerInfo.KeyNo`. */
  keyNo?: Maybe<Scalars['ID']['output']>;
  /** 名称, the name of the debtor. QCC: `OwnerInfo.Name`. */
  name?: Maybe<Scalars['String']['output']>;
};

/** 分页信息, the position of a window in its list, as the Relay specification defines it. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the last case; null if the window is empty. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether cases follow the window. False at case 5,000, where paging ends. Costs what `totalCount` costs. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether cases come before the window. Costs what `totalCount` costs. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first case; null if the window is empty. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`. */
export type Query = {
  __typename?: 'Query';
  /** 企业, up to 100 companies in the order of their search keys. An invalid key makes only its own item null and adds an error. Costs nothing by itself. */
  companies: Array<Maybe<Company>>;
  /** 企业, the company that a search key identifies. Costs nothing by itself: only its `hasEndCases` and `endCases` call QCC. */
  company?: Maybe<Company>;
  /** 终本案件, a terminated case by its id. Costs one GetDetail call if any field besides `id` is selected. Null if that call shows that QCC has no such case. QCC: `GetDetail`. */
  endCase?: Maybe<EndCase>;
  /** 用量, what was bought from QCC in a period, and what was saved. The default period is today (Asia/Shanghai). Costs nothing. Needs the scope `usage:read`. */
  usage?: Maybe<Usage>;
};


/** Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`. */
export type QueryCompaniesArgs = {
  searchKeys: Array<Scalars['String']['input']>;
};


/** Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`. */
export type QueryCompanyArgs = {
  searchKey: Scalars['String']['input'];
};


/** Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`. */
export type QueryEndCaseArgs = {
  id: Scalars['ID']['input'];
};


/** Terminated enforcement cases (终本案件) of Chinese companies, bought from QCC (企查查) call by call. QCC: `EndExecuteCaseCheck`. */
export type QueryUsageArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  groupBy?: InputMaybe<UsageGroup>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** The kind of a search key (搜索关键字). */
export type SearchKeyKind =
  /** 统一社会信用代码, the unified social credit code: 18 characters (GB 32100-2015). */
  | 'CREDIT_CODE'
  /** KeyNo (企查查唯一标识), the id that QCC gives a company: 32 characters, a letter or digit and then 31 hexadecimal digits. QCC: `KeyNo`. */
  | 'KEY_NO'
  /** 公司名, the name of the company: 2 to 200 characters. */
  | 'NAME'
  /** 注册号, the registration number: 15 digits, or 13 in older ones. */
  | 'REGISTRATION_NO';

/** 用量, what was bought from QCC, from the ledger. */
export type Usage = {
  __typename?: 'Usage';
  /** The groups, in the order of their keys. */
  groups: Array<UsageRow>;
  /** All groups together, with the key `total`. */
  total: UsageRow;
};

/** How usage is grouped. */
export type UsageGroup =
  /** By the client that sent the request (调用方). */
  | 'CLIENT'
  /** By day (日) in Asia/Shanghai, as `YYYY-MM-DD`. */
  | 'DAY'
  /** 方法名, by QCC method: `GetList` (终本案件列表) or `GetDetail` (终本案件详情). */
  | 'METHOD'
  /** By the name of the GraphQL operation; `(none)` for operations without a name. */
  | 'OPERATION'
  /** 状态码, by the status of the answer; `(none)` for calls without one and for answers that were not bought. QCC: `Status`. */
  | 'STATUS';

/** The calls of one group, and the answers that needed no call. */
export type UsageRow = {
  __typename?: 'UsageRow';
  /** 金额, the yuan spent on billed calls whose price is known. Null if there are billed calls and none has a known price. */
  amount?: Maybe<Scalars['Decimal']['output']>;
  /** 有效请求, how many of the calls QCC bills. */
  billed: Scalars['Int']['output'];
  /** How many answers came from the cache. */
  cached: Scalars['Int']['output'];
  /** 调用次数, how many calls were made to QCC; each attempt counts. */
  calls: Scalars['Int']['output'];
  /** How many details were answered from their list rows. */
  elided: Scalars['Int']['output'];
  /** The group: a day, client, method, operation or status; `total` for the total. */
  key: Scalars['String']['output'];
  /** How many of the calls may have been billed: those in flight, and those that brought no readable answer. Only QCC's invoice shows whether the latter were billed. */
  maybeBilled: Scalars['Int']['output'];
  /** The yuan not spent: `cached`, `shared` and `elided` answers at the price that a call had at the time. Null if there are such answers and none has a known price. */
  saved?: Maybe<Scalars['Decimal']['output']>;
  /** How many answers came from a concurrent call of another request. */
  shared: Scalars['Int']['output'];
};

export type PingQueryVariables = Exact<{ [key: string]: never; }>;


export type PingQuery = { __typename: 'Query' };

export type PageQueryVariables = Exact<{
  searchKey: Scalars['String']['input'];
  first: Scalars['Int']['input'];
  offset: Scalars['Int']['input'];
}>;


export type PageQuery = { __typename?: 'Query', company?: { __typename?: 'Company', searchKey: string, searchKeyKind: SearchKeyKind, endCases?: { __typename?: 'EndCaseConnection', totalCount: number, retrievedAt: string, stale: boolean, orderNumbers: Array<string>, nodes: Array<{ __typename?: 'EndCase', id: string, caseNo?: string | null, court?: string | null, filingDate?: string | null, endDate?: string | null, enforcementAmount?: string | null, unperformedAmount?: string | null }> } | null } | null };

export type CasePageFragment = { __typename?: 'EndCaseConnection', totalCount: number, retrievedAt: string, stale: boolean, orderNumbers: Array<string>, nodes: Array<{ __typename?: 'EndCase', id: string, caseNo?: string | null, court?: string | null, filingDate?: string | null, endDate?: string | null, enforcementAmount?: string | null, unperformedAmount?: string | null }> };

export type DetailQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type DetailQuery = { __typename?: 'Query', endCase?: { __typename?: 'EndCase', detail?: { __typename?: 'EndCaseDetail', certificateNo?: string | null, retrievedAt: string, stale: boolean, orderNumber?: string | null, judgmentDebtor?: { __typename?: 'JudgmentDebtor', keyNo?: string | null, name?: string | null, company?: { __typename?: 'Company', searchKey: string } | null } | null } | null } | null };

export type KeysQueryVariables = Exact<{
  searchKeys: Array<Scalars['String']['input']> | Scalars['String']['input'];
}>;


export type KeysQuery = { __typename?: 'Query', companies: Array<{ __typename?: 'Company', searchKey: string, searchKeyKind: SearchKeyKind } | null> };

export type CompaniesQueryVariables = Exact<{
  searchKeys: Array<Scalars['String']['input']> | Scalars['String']['input'];
}>;


export type CompaniesQuery = { __typename?: 'Query', companies: Array<{ __typename?: 'Company', searchKey: string, searchKeyKind: SearchKeyKind, endCases?: { __typename?: 'EndCaseConnection', totalCount: number, retrievedAt: string, stale: boolean, orderNumbers: Array<string>, nodes: Array<{ __typename?: 'EndCase', id: string, caseNo?: string | null, court?: string | null, filingDate?: string | null, endDate?: string | null, enforcementAmount?: string | null, unperformedAmount?: string | null }> } | null } | null> };

export type SpendingQueryVariables = Exact<{
  month: Scalars['DateTime']['input'];
}>;


export type SpendingQuery = { __typename?: 'Query', today?: { __typename?: 'Usage', total: { __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }, groups: Array<{ __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }> } | null, month?: { __typename?: 'Usage', total: { __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }, groups: Array<{ __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }> } | null, days?: { __typename?: 'Usage', total: { __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }, groups: Array<{ __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }> } | null };

export type UsageByKeyFragment = { __typename?: 'Usage', total: { __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }, groups: Array<{ __typename?: 'UsageRow', key: string, calls: number, billed: number, maybeBilled: number, cached: number, shared: number, elided: number, amount?: string | null, saved?: string | null }> };

export const CasePageFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CasePage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EndCaseConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"retrievedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"orderNumbers"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"caseNo"}},{"kind":"Field","name":{"kind":"Name","value":"court"}},{"kind":"Field","name":{"kind":"Name","value":"filingDate"}},{"kind":"Field","name":{"kind":"Name","value":"endDate"}},{"kind":"Field","name":{"kind":"Name","value":"enforcementAmount"}},{"kind":"Field","name":{"kind":"Name","value":"unperformedAmount"}}]}}]}}]} as unknown as DocumentNode<CasePageFragment, unknown>;
export const UsageByKeyFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageByKey"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Usage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"billed"}},{"kind":"Field","name":{"kind":"Name","value":"maybeBilled"}},{"kind":"Field","name":{"kind":"Name","value":"cached"}},{"kind":"Field","name":{"kind":"Name","value":"shared"}},{"kind":"Field","name":{"kind":"Name","value":"elided"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"saved"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"billed"}},{"kind":"Field","name":{"kind":"Name","value":"maybeBilled"}},{"kind":"Field","name":{"kind":"Name","value":"cached"}},{"kind":"Field","name":{"kind":"Name","value":"shared"}},{"kind":"Field","name":{"kind":"Name","value":"elided"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"saved"}}]}}]}}]} as unknown as DocumentNode<UsageByKeyFragment, unknown>;
export const PingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Ping"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}}]}}]} as unknown as DocumentNode<PingQuery, PingQueryVariables>;
export const PageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Page"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"searchKey"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"offset"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"company"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"searchKey"},"value":{"kind":"Variable","name":{"kind":"Name","value":"searchKey"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"searchKey"}},{"kind":"Field","name":{"kind":"Name","value":"searchKeyKind"}},{"kind":"Field","name":{"kind":"Name","value":"endCases"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"offset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"offset"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CasePage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CasePage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EndCaseConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"retrievedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"orderNumbers"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"caseNo"}},{"kind":"Field","name":{"kind":"Name","value":"court"}},{"kind":"Field","name":{"kind":"Name","value":"filingDate"}},{"kind":"Field","name":{"kind":"Name","value":"endDate"}},{"kind":"Field","name":{"kind":"Name","value":"enforcementAmount"}},{"kind":"Field","name":{"kind":"Name","value":"unperformedAmount"}}]}}]}}]} as unknown as DocumentNode<PageQuery, PageQueryVariables>;
export const DetailDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Detail"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCase"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"detail"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"certificateNo"}},{"kind":"Field","name":{"kind":"Name","value":"judgmentDebtor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"keyNo"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"company"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"searchKey"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"retrievedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"orderNumber"}}]}}]}}]}}]} as unknown as DocumentNode<DetailQuery, DetailQueryVariables>;
export const KeysDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Keys"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"searchKeys"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"companies"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"searchKeys"},"value":{"kind":"Variable","name":{"kind":"Name","value":"searchKeys"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"searchKey"}},{"kind":"Field","name":{"kind":"Name","value":"searchKeyKind"}}]}}]}}]} as unknown as DocumentNode<KeysQuery, KeysQueryVariables>;
export const CompaniesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Companies"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"searchKeys"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"companies"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"searchKeys"},"value":{"kind":"Variable","name":{"kind":"Name","value":"searchKeys"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"searchKey"}},{"kind":"Field","name":{"kind":"Name","value":"searchKeyKind"}},{"kind":"Field","name":{"kind":"Name","value":"endCases"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CasePage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CasePage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"EndCaseConnection"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"retrievedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"orderNumbers"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"caseNo"}},{"kind":"Field","name":{"kind":"Name","value":"court"}},{"kind":"Field","name":{"kind":"Name","value":"filingDate"}},{"kind":"Field","name":{"kind":"Name","value":"endDate"}},{"kind":"Field","name":{"kind":"Name","value":"enforcementAmount"}},{"kind":"Field","name":{"kind":"Name","value":"unperformedAmount"}}]}}]}}]} as unknown as DocumentNode<CompaniesQuery, CompaniesQueryVariables>;
export const SpendingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Spending"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"month"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DateTime"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"today"},"name":{"kind":"Name","value":"usage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"EnumValue","value":"CLIENT"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UsageByKey"}}]}},{"kind":"Field","alias":{"kind":"Name","value":"month"},"name":{"kind":"Name","value":"usage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"month"}}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"EnumValue","value":"CLIENT"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UsageByKey"}}]}},{"kind":"Field","alias":{"kind":"Name","value":"days"},"name":{"kind":"Name","value":"usage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"month"}}},{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"EnumValue","value":"DAY"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UsageByKey"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageByKey"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Usage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"billed"}},{"kind":"Field","name":{"kind":"Name","value":"maybeBilled"}},{"kind":"Field","name":{"kind":"Name","value":"cached"}},{"kind":"Field","name":{"kind":"Name","value":"shared"}},{"kind":"Field","name":{"kind":"Name","value":"elided"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"saved"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"calls"}},{"kind":"Field","name":{"kind":"Name","value":"billed"}},{"kind":"Field","name":{"kind":"Name","value":"maybeBilled"}},{"kind":"Field","name":{"kind":"Name","value":"cached"}},{"kind":"Field","name":{"kind":"Name","value":"shared"}},{"kind":"Field","name":{"kind":"Name","value":"elided"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"saved"}}]}}]}}]} as unknown as DocumentNode<SpendingQuery, SpendingQueryVariables>;