import { graphql } from './gql';

/** One page of the table: one billed call, or none if the page was bought before. */
export const PAGE = graphql(`
  query Page($searchKey: String!, $first: Int!, $offset: Int!) {
    company(searchKey: $searchKey) {
      searchKey
      searchKeyKind
      endCases(first: $first, offset: $offset) {
        totalCount
        retrievedAt
        stale
        orderNumbers
        nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }
      }
    }
  }
`);

/** The detail of a case: one billed call, sent when its row is opened. */
export const DETAIL = graphql(`
  query Detail($id: ID!) {
    endCase(id: $id) {
      id
      detail {
        id
        certificateNo
        judgmentDebtor { keyNo name company { searchKey } }
        retrievedAt
        stale
        orderNumber
      }
    }
  }
`);
