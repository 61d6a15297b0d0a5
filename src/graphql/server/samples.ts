/** An operation to begin with. */
export interface Sample {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the explorers are filled with, the first open. */
export const SAMPLES: readonly Sample[] = [
  {
    name: 'Cases of a company',
    query: `# One page of the list: one billed call. Selecting certificateNo or judgmentDebtor buys a detail for each case.
# With the header x-cost-dry-run: 1 nothing is bought, and extensions.cost.estimate tells what would be.
query Cases($searchKey: String!, $first: Int = 5, $after: String) {
  company(searchKey: $searchKey) {
    searchKeyKind
    hasEndCases
    endCases(first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id caseNo court filingDate endDate enforcementAmount unperformedAmount }
    }
  }
}
`,
    variables: { searchKey: '浙江省临海标准件工业公司' },
  },
  {
    name: 'A case in full',
    query: `# One billed call, once in seven days.
query Case($id: ID!) {
  endCase(id: $id) {
    caseNo
    detail { certificateNo judgmentDebtor { keyNo name company { hasEndCases } } }
  }
}
`,
    variables: { id: '68d0c45d6ce6115c340e31674b45cd62' },
  },
  {
    name: 'Several companies',
    query: `# A key that cannot be one nulls its own place.
query Companies($searchKeys: [String!]!) {
  companies(searchKeys: $searchKeys) {
    searchKey
    endCases(first: 0) { totalCount }
  }
}
`,
    variables: { searchKeys: ['浙江省临海标准件工业公司', 'sandbox:rows:45', 'sandbox:rows:0'] },
  },
  {
    name: 'What was spent today',
    query: `# Costs nothing.
query Spent {
  usage(groupBy: OPERATION) {
    total { calls billed maybeBilled cached shared elided amount saved }
    groups { key billed cached saved }
  }
}
`,
    variables: {},
  },
];
