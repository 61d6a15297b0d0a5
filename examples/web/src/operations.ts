import { graphql } from './gql';

/** One page of the table; a page's rows cost one billed call, and none when they were bought before. */
export const PAGE = graphql(`
  query Page($searchKey: String!, $first: Int!, $offset: Int!) {
    company(searchKey: $searchKey) {
      searchKey
      searchKeyKind
      endCases(first: $first, offset: $offset) {
        totalCount
        nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }
      }
    }
  }
`);

/** A case in full: one billed call, asked only when its row is opened. */
export const DETAIL = graphql(`
  query Detail($id: ID!) {
    endCase(id: $id) {
      id
      detail { id certificateNo judgmentDebtor { keyNo name company { searchKey } } }
    }
  }
`);
