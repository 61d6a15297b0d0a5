/** An operation to start with. */
export interface Sample {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The operations that the explorers show at first. They open the first one. */
export const SAMPLES: readonly Sample[] = [
  {
    name: 'Cases of a company',
    query: `# Costs one call for each page of 20 cases. If you select certificateNo or judgmentDebtor under detail,
# each case costs one call more.
# To see the cost without buying anything, send the header x-cost-dry-run: 1.
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
    query: `# Costs one call for the case and one for hasEndCases. Answers from the cache cost nothing.
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
    query: `# Costs one call for each company. An invalid key makes only its own item null.
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
    name: 'Usage today',
    query: `# Costs nothing.
query UsageToday {
  usage(groupBy: OPERATION) {
    total { calls billed maybeBilled cached shared elided amount saved }
    groups { key billed cached saved }
  }
}
`,
    variables: {},
  },
];
