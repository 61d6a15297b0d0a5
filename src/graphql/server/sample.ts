/** The operation that the explorers show at first. */
export const SAMPLE = {
  name: 'Cases of a company',
  query: `# Costs one call for each page of 20 cases. If you select certificateNo or judgmentDebtor under detail,
# each case costs one call more.
# To see the cost without buying anything, send the header x-cost-dry-run: 1. To buy at most 5 answers: x-cost-limit: 5.
query Cases($searchKey: String!, $first: Int = 5, $after: String) {
  company(searchKey: $searchKey) {
    searchKeyKind
    hasEndCases
    endCases(first: $first, after: $after) {
      totalCount
      retrievedAt
      pageInfo { hasNextPage endCursor }
      nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }
    }
  }
}
`,
  variables: { searchKey: '浙江省临海标准件工业公司' },
};
