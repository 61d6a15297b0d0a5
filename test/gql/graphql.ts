/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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
  /** A calendar day, ISO 8601: `YYYY-MM-DD`. */
  Date: { input: string; output: string; }
  /** A date-time string at UTC, such as 2007-12-03T10:15:30Z, compliant with the `date-time` format outlined in section 5.6 of the RFC 3339 profile of the ISO 8601 standard for representation of dates and times using the Gregorian calendar. */
  DateTime: { input: string; output: string; }
  /** An exact decimal number in a string, without exponent: `"251198.34"`. */
  Decimal: { input: string; output: string; }
};

/** A company, by what it is searched by. Calls nothing until a field is asked that QCC must tell. */
export type Company = {
  __typename?: 'Company';
  /** 统一社会信用代码, the credit code, where the search key is one. */
  creditCode?: Maybe<Scalars['String']['output']>;
  /** 终本案件, the terminated cases, newest first as QCC lists them; 10 unless told, 100 at most. Buys the pages of 20 rows that cover the window. QCC: `GetList`. */
  endCases?: Maybe<EndCaseConnection>;
  /** Whether the company has terminated cases. Buys page 1 unless another page tells. QCC: `VerifyResult`. */
  hasEndCases?: Maybe<Scalars['Boolean']['output']>;
  /** The KeyNo, where the search key is one. QCC: `KeyNo`. */
  keyNo?: Maybe<Scalars['ID']['output']>;
  /** What is sent to QCC: a KeyNo, credit code, registration number or name. QCC: `searchKey`. */
  searchKey: Scalars['String']['output'];
  /** What the search key was taken for. */
  searchKeyKind: SearchKeyKind;
};


/** A company, by what it is searched by. Calls nothing until a field is asked that QCC must tell. */
export type CompanyEndCasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
};

/** 终本案件: a case whose enforcement was terminated because nothing more could be collected. */
export type EndCase = {
  __typename?: 'EndCase';
  /** 案号, the number of the case. QCC: `CaseNo`. */
  caseNo?: Maybe<Scalars['String']['output']>;
  /** 执行法院, the enforcing court. QCC: `Court`. */
  court?: Maybe<Scalars['String']['output']>;
  /** The case in full. Buys one GetDetail, and only where `certificateNo` or `judgmentDebtor` is selected: the rest is in the list already. */
  detail?: Maybe<EndCaseDetail>;
  /** 终本日期, the day enforcement was terminated. QCC: `EndDate`. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** 执行标的, the amount to be enforced, in yuan. QCC: `ExecuteSubject`. */
  enforcementAmount?: Maybe<Scalars['Decimal']['output']>;
  /** 立案日期, the day the case was filed. QCC: `LianDate`. */
  filingDate?: Maybe<Scalars['Date']['output']>;
  /** 案件 ID. QCC: `Id`. */
  id: Scalars['ID']['output'];
  /** 未履行金额, the amount not performed, in yuan. QCC: `UnperformedAmt`. */
  unperformedAmount?: Maybe<Scalars['Decimal']['output']>;
};

/** A window of a company's terminated cases. QCC: `GetList`. */
export type EndCaseConnection = {
  __typename?: 'EndCaseConnection';
  /** The cases of the window with their cursors. */
  edges: Array<EndCaseEdge>;
  /** The cases of the window. */
  nodes: Array<EndCase>;
  /** Where the window stands. */
  pageInfo: PageInfo;
  /** All cases of the company, in the window or not. QCC: `Paging.TotalRecords`. */
  totalCount: Scalars['Int']['output'];
};

/** 终本案件详情, a case in full. QCC: `GetDetail`. */
export type EndCaseDetail = {
  __typename?: 'EndCaseDetail';
  /** 案号, the number of the case. QCC: `CaseNo`. */
  caseNo?: Maybe<Scalars['String']['output']>;
  /** 证件号/组织机构代码, identity number or organisation code of the debtor. QCC: `CerNo`. */
  certificateNo?: Maybe<Scalars['String']['output']>;
  /** 执行法院, the enforcing court. QCC: `Court`. */
  court?: Maybe<Scalars['String']['output']>;
  /** 终本日期, the day enforcement was terminated. QCC: `EndDate`. */
  endDate?: Maybe<Scalars['Date']['output']>;
  /** 执行标的, the amount to be enforced, in yuan. QCC: `ExecuteSubject`. */
  enforcementAmount?: Maybe<Scalars['Decimal']['output']>;
  /** 立案日期, the day the case was filed. QCC: `LianDate`. */
  filingDate?: Maybe<Scalars['Date']['output']>;
  /** 案件 ID. QCC: `Id`. */
  id: Scalars['ID']['output'];
  /** 被执行人信息, the judgment debtor. QCC: `OwnerInfo`. */
  judgmentDebtor?: Maybe<JudgmentDebtor>;
  /** 未履行金额, the amount not performed, in yuan. QCC: `UnperformedAmt`. */
  unperformedAmount?: Maybe<Scalars['Decimal']['output']>;
};

/** A case and its place in the list. */
export type EndCaseEdge = {
  __typename?: 'EndCaseEdge';
  /** For `after` and `before`. */
  cursor: Scalars['String']['output'];
  /** The case. */
  node: EndCase;
};

/** 被执行人信息, the judgment debtor. QCC: `OwnerInfo`. */
export type JudgmentDebtor = {
  __typename?: 'JudgmentDebtor';
  /** The debtor as a company by its KeyNo; null for a natural person. Calls nothing by itself. */
  company?: Maybe<Company>;
  /** KeyNo of the debtor; that of a natural person begins with p. QCC: `OwnerInfo.KeyNo`. */
  keyNo?: Maybe<Scalars['ID']['output']>;
  /** 名称, name of the debtor. QCC: `OwnerInfo.Name`. */
  name?: Maybe<Scalars['String']['output']>;
};

/** Where a window stands in its list, as Relay has it. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The last row's cursor; null in an empty window. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether rows follow the window; false at row 5,000, where paging ends. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether rows come before the window. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The first row's cursor; null in an empty window. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

export type Query = {
  __typename?: 'Query';
  /** Up to 100 companies, in the order asked; a key that cannot be one nulls its own place. */
  companies: Array<Maybe<Company>>;
  /** A company by KeyNo, credit code, registration number or name. Calls nothing by itself. */
  company?: Maybe<Company>;
  /** A case by its id. Any field but `id` buys its detail; null where QCC knows no such case. QCC: `GetDetail`. */
  endCase?: Maybe<EndCase>;
  /** What was spent, and saved, from `from` on and before `to`; today without them (Asia/Shanghai). Calls nothing. */
  usage?: Maybe<Usage>;
};


export type QueryCompaniesArgs = {
  searchKeys: Array<Scalars['String']['input']>;
};


export type QueryCompanyArgs = {
  searchKey: Scalars['String']['input'];
};


export type QueryEndCaseArgs = {
  id: Scalars['ID']['input'];
};


export type QueryUsageArgs = {
  from?: InputMaybe<Scalars['DateTime']['input']>;
  groupBy?: InputMaybe<UsageGroup>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What a search key was taken for. */
export type SearchKeyKind =
  /** 统一社会信用代码, unified social credit code, 18 characters (GB 32100-2015). */
  | 'CREDIT_CODE'
  /** QCC's own identifier of a company: 32 hexadecimal digits, or g and 31. */
  | 'KEY_NO'
  /** 公司名, name of the company. */
  | 'NAME'
  /** 工商注册号, registration number, 15 or 13 digits. */
  | 'REGISTRATION_NO';

/** What was spent upstream, from the ledger. */
export type Usage = {
  __typename?: 'Usage';
  /** By group, in the order of their keys. */
  groups: Array<UsageRow>;
  /** All of it. Its key is `total`. */
  total: UsageRow;
};

/** By what usage is told apart. */
export type UsageGroup =
  /** Who asked. */
  | 'CLIENT'
  /** Days of Asia/Shanghai, `YYYY-MM-DD`. */
  | 'DAY'
  /** `GetList` or `GetDetail`. */
  | 'METHOD'
  /** The name of the GraphQL operation; `(none)` where it had none. */
  | 'OPERATION'
  /** QCC's status; `(none)` where none came, and for all that was not bought. */
  | 'STATUS';

/** What was bought in one group, and what was not bought because it was there already. */
export type UsageRow = {
  __typename?: 'UsageRow';
  /** Yuan spent; null where the prices are not known. */
  amount?: Maybe<Scalars['Decimal']['output']>;
  /** 有效请求: attempts that QCC bills. */
  billed: Scalars['Int']['output'];
  /** Answers that came from the store. */
  cached: Scalars['Int']['output'];
  /** Attempts made upstream. */
  calls: Scalars['Int']['output'];
  /** Details answered from their list rows. */
  elided: Scalars['Int']['output'];
  /** The group: a day, a client, a method, an operation or a status. */
  key: Scalars['String']['output'];
  /** Attempts of which only QCC's invoice can tell. */
  maybeBilled: Scalars['Int']['output'];
  /** Yuan not spent: cached, shared and elided, at the price of a call. */
  saved?: Maybe<Scalars['Decimal']['output']>;
  /** Answers that another request's call brought. */
  shared: Scalars['Int']['output'];
};

export type CasesQueryVariables = Exact<{
  searchKey: Scalars['String']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type CasesQuery = { __typename?: 'Query', company?: { __typename?: 'Company', searchKey: string, endCases?: { __typename?: 'EndCaseConnection', totalCount: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null, hasPreviousPage: boolean, startCursor?: string | null }, edges: Array<{ __typename?: 'EndCaseEdge', cursor: string, node: { __typename?: 'EndCase', id: string, caseNo?: string | null } }> } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const CasesDocument = new TypedDocumentString(`
    query Cases($searchKey: String!, $first: Int, $after: String) {
  company(searchKey: $searchKey) {
    searchKey
    endCases(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
        hasPreviousPage
        startCursor
      }
      edges {
        cursor
        node {
          id
          caseNo
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CasesQuery, CasesQueryVariables>;