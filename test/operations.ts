import { graphql } from './gql/gql.js';

/** The query of the documented client setups, typed from the schema. */
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
