import { SAMPLE } from '../sample.js';

/** An operation that a user can run, with its variables and headers. */
export interface Sample {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The operations that `/explorer` opens, in this order. */
export const SAMPLES: readonly Sample[] = [
  SAMPLE,
  {
    name: 'Dry run: what it would cost',
    query: `# The header x-cost-dry-run: 1 is set in this tab, so nothing is bought. The answer is an error with code DRY_RUN:
# its estimate says how many calls the operation may bill.
query CasesWithDetails($searchKey: String!, $first: Int = 5) {
  company(searchKey: $searchKey) {
    endCases(first: $first) {
      nodes { id caseNo detail { certificateNo judgmentDebtor { name } } }
    }
  }
}
`,
    variables: { searchKey: SAMPLE.variables.searchKey },
    headers: { 'x-cost-dry-run': '1' },
  },
  {
    name: 'One case in full',
    query: `# Costs one call. This is the example case of QCC's document.
query CaseInFull($id: ID!) {
  endCase(id: $id) {
    caseNo
    court
    filingDate
    endDate
    enforcementAmount
    unperformedAmount
    detail { certificateNo judgmentDebtor { keyNo name company { searchKeyKind } } }
  }
}
`,
    variables: { id: '68d0c45d6ce6115c340e31674b45cd62' },
  },
  {
    name: 'Many companies',
    query: `# Costs one call for each company. An invalid key fails alone.
query Companies($searchKeys: [String!]!) {
  companies(searchKeys: $searchKeys) {
    searchKey
    searchKeyKind
    hasEndCases
    endCases(first: 1) { totalCount }
  }
}
`,
    variables: {
      searchKeys: [SAMPLE.variables.searchKey, '7629d57f18b20b1927ea4ee5366bfde3', '示例有限公司'],
    },
  },
  {
    name: 'Who spent what',
    query: `# Costs nothing. Without from and to, it shows today in Shanghai.
query Spending($groupBy: UsageGroup!) {
  usage(groupBy: $groupBy) {
    total { calls billed maybeBilled cached shared elided amount saved }
    groups { key calls billed cached amount saved }
  }
}
`,
    variables: { groupBy: 'OPERATION' },
  },
];
