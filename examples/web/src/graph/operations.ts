import { graphql } from '../gql';

/** Asks for nothing: shows whether the gateway wants a key. */
export const PING = graphql(`
  query Ping { __typename }
`);

/** A window of a company's list: one call for each page of 20 that the gateway does not have. */
export const PAGE = graphql(`
  query Page($searchKey: String!, $first: Int!, $offset: Int!) {
    company(searchKey: $searchKey) {
      searchKey
      searchKeyKind
      endCases(first: $first, offset: $offset) { ...CasePage }
    }
  }
  fragment CasePage on EndCaseConnection {
    totalCount
    retrievedAt
    stale
    orderNumbers
    nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }
  }
`);

/** The detail of a case: one call, or none if the gateway has it. */
export const DETAIL = graphql(`
  query Detail($id: ID!) {
    endCase(id: $id) {
      detail {
        certificateNo
        judgmentDebtor { keyNo name company { searchKey } }
        retrievedAt
        stale
        orderNumber
      }
    }
  }
`);

/** Which texts are search keys. Costs nothing. */
export const KEYS = graphql(`
  query Keys($searchKeys: [String!]!) {
    companies(searchKeys: $searchKeys) { searchKey searchKeyKind }
  }
`);

/** Page 1 of each company: one call for each that the gateway does not have. */
export const COMPANIES = graphql(`
  query Companies($searchKeys: [String!]!) {
    companies(searchKeys: $searchKeys) {
      searchKey
      searchKeyKind
      endCases(first: 20) { ...CasePage }
    }
  }
`);

/** What was bought, today and since a moment. Costs nothing. */
export const SPENDING = graphql(`
  query Spending($month: DateTime!) {
    today: usage(groupBy: CLIENT) { ...UsageByKey }
    month: usage(from: $month, groupBy: CLIENT) { ...UsageByKey }
    days: usage(from: $month, groupBy: DAY) { ...UsageByKey }
  }
  fragment UsageByKey on Usage {
    total { key calls billed maybeBilled cached shared elided amount saved }
    groups { key calls billed maybeBilled cached shared elided amount saved }
  }
`);
