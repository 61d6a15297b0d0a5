import { graphql } from './gql/gql.js';

/** What clients' recipes ask; typed from the schema. */
export const CASES = graphql(`
  query Cases($searchKey: String!, $first: Int, $after: String) {
    company(searchKey: $searchKey) {
      searchKey
      endCases(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
        edges { cursor node { id caseNo } }
      }
    }
  }
`);
