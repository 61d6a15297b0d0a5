/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Ping { __typename }\n": typeof types.PingDocument,
    "\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) { ...CasePage }\n    }\n  }\n  fragment CasePage on EndCaseConnection {\n    totalCount\n    retrievedAt\n    stale\n    orderNumbers\n    nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n  }\n": typeof types.PageDocument,
    "\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      detail {\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n": typeof types.DetailDocument,
    "\n  query Keys($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) { searchKey searchKeyKind }\n  }\n": typeof types.KeysDocument,
    "\n  query Companies($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) {\n      searchKey\n      searchKeyKind\n      endCases(first: 20) { ...CasePage }\n    }\n  }\n": typeof types.CompaniesDocument,
    "\n  query Spending($month: DateTime!) {\n    today: usage(groupBy: CLIENT) { ...UsageByKey }\n    month: usage(from: $month, groupBy: CLIENT) { ...UsageByKey }\n    days: usage(from: $month, groupBy: DAY) { ...UsageByKey }\n  }\n  fragment UsageByKey on Usage {\n    total { key calls billed maybeBilled cached shared elided amount saved }\n    groups { key calls billed maybeBilled cached shared elided amount saved }\n  }\n": typeof types.SpendingDocument,
};
const documents: Documents = {
    "\n  query Ping { __typename }\n": types.PingDocument,
    "\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) { ...CasePage }\n    }\n  }\n  fragment CasePage on EndCaseConnection {\n    totalCount\n    retrievedAt\n    stale\n    orderNumbers\n    nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n  }\n": types.PageDocument,
    "\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      detail {\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n": types.DetailDocument,
    "\n  query Keys($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) { searchKey searchKeyKind }\n  }\n": types.KeysDocument,
    "\n  query Companies($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) {\n      searchKey\n      searchKeyKind\n      endCases(first: 20) { ...CasePage }\n    }\n  }\n": types.CompaniesDocument,
    "\n  query Spending($month: DateTime!) {\n    today: usage(groupBy: CLIENT) { ...UsageByKey }\n    month: usage(from: $month, groupBy: CLIENT) { ...UsageByKey }\n    days: usage(from: $month, groupBy: DAY) { ...UsageByKey }\n  }\n  fragment UsageByKey on Usage {\n    total { key calls billed maybeBilled cached shared elided amount saved }\n    groups { key calls billed maybeBilled cached shared elided amount saved }\n  }\n": types.SpendingDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Ping { __typename }\n"): (typeof documents)["\n  query Ping { __typename }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) { ...CasePage }\n    }\n  }\n  fragment CasePage on EndCaseConnection {\n    totalCount\n    retrievedAt\n    stale\n    orderNumbers\n    nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n  }\n"): (typeof documents)["\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) { ...CasePage }\n    }\n  }\n  fragment CasePage on EndCaseConnection {\n    totalCount\n    retrievedAt\n    stale\n    orderNumbers\n    nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      detail {\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n"): (typeof documents)["\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      detail {\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Keys($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) { searchKey searchKeyKind }\n  }\n"): (typeof documents)["\n  query Keys($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) { searchKey searchKeyKind }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Companies($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) {\n      searchKey\n      searchKeyKind\n      endCases(first: 20) { ...CasePage }\n    }\n  }\n"): (typeof documents)["\n  query Companies($searchKeys: [String!]!) {\n    companies(searchKeys: $searchKeys) {\n      searchKey\n      searchKeyKind\n      endCases(first: 20) { ...CasePage }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Spending($month: DateTime!) {\n    today: usage(groupBy: CLIENT) { ...UsageByKey }\n    month: usage(from: $month, groupBy: CLIENT) { ...UsageByKey }\n    days: usage(from: $month, groupBy: DAY) { ...UsageByKey }\n  }\n  fragment UsageByKey on Usage {\n    total { key calls billed maybeBilled cached shared elided amount saved }\n    groups { key calls billed maybeBilled cached shared elided amount saved }\n  }\n"): (typeof documents)["\n  query Spending($month: DateTime!) {\n    today: usage(groupBy: CLIENT) { ...UsageByKey }\n    month: usage(from: $month, groupBy: CLIENT) { ...UsageByKey }\n    days: usage(from: $month, groupBy: DAY) { ...UsageByKey }\n  }\n  fragment UsageByKey on Usage {\n    total { key calls billed maybeBilled cached shared elided amount saved }\n    groups { key calls billed maybeBilled cached shared elided amount saved }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;