/* eslint-disable */
import * as types from './graphql.js';



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
    "\n  query Cases($searchKey: String!, $first: Int, $after: String) {\n    company(searchKey: $searchKey) {\n      searchKey\n      endCases(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }\n        edges { cursor node { id caseNo } }\n      }\n    }\n  }\n": typeof types.CasesDocument,
};
const documents: Documents = {
    "\n  query Cases($searchKey: String!, $first: Int, $after: String) {\n    company(searchKey: $searchKey) {\n      searchKey\n      endCases(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }\n        edges { cursor node { id caseNo } }\n      }\n    }\n  }\n": types.CasesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Cases($searchKey: String!, $first: Int, $after: String) {\n    company(searchKey: $searchKey) {\n      searchKey\n      endCases(first: $first, after: $after) {\n        totalCount\n        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }\n        edges { cursor node { id caseNo } }\n      }\n    }\n  }\n"): typeof import('./graphql.js').CasesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
