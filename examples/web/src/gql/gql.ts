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
    "\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) {\n        totalCount\n        retrievedAt\n        stale\n        orderNumbers\n        nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n      }\n    }\n  }\n": typeof types.PageDocument,
    "\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      id\n      detail {\n        id\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n": typeof types.DetailDocument,
};
const documents: Documents = {
    "\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) {\n        totalCount\n        retrievedAt\n        stale\n        orderNumbers\n        nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n      }\n    }\n  }\n": types.PageDocument,
    "\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      id\n      detail {\n        id\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n": types.DetailDocument,
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
export function graphql(source: "\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) {\n        totalCount\n        retrievedAt\n        stale\n        orderNumbers\n        nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Page($searchKey: String!, $first: Int!, $offset: Int!) {\n    company(searchKey: $searchKey) {\n      searchKey\n      searchKeyKind\n      endCases(first: $first, offset: $offset) {\n        totalCount\n        retrievedAt\n        stale\n        orderNumbers\n        nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      id\n      detail {\n        id\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n"): (typeof documents)["\n  query Detail($id: ID!) {\n    endCase(id: $id) {\n      id\n      detail {\n        id\n        certificateNo\n        judgmentDebtor { keyNo name company { searchKey } }\n        retrievedAt\n        stale\n        orderNumber\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;