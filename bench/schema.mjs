/** The part of the graph that the workloads ask, as a peer would write it. */
export const typeDefs = /* GraphQL */ `
  type Query {
    company(searchKey: String!): Company
  }
  type Company {
    searchKey: String!
    endCases(first: Int!, page: Int!): EndCases!
  }
  type EndCases {
    totalCount: Int!
    nodes: [EndCase!]!
  }
  type EndCase {
    id: ID!
    caseNo: String
    court: String
    filingDate: String
    endDate: String
    enforcementAmount: String
    unperformedAmount: String
    detail: EndCaseDetail
  }
  type EndCaseDetail {
    id: ID!
    certificateNo: String
    judgmentDebtor: JudgmentDebtor
  }
  type JudgmentDebtor {
    keyNo: ID
    name: String
  }
`;

/** The names that a front end reads, from the names that QCC gives. */
export const readCase = (row) => ({
  id: row.Id,
  caseNo: row.CaseNo,
  court: row.Court,
  filingDate: row.LianDate,
  endDate: row.EndDate,
  enforcementAmount: row.ExecuteSubject,
  unperformedAmount: row.UnperformedAmt,
});

export const readDetail = (result) => ({
  id: result.Id,
  certificateNo: result.CerNo,
  judgmentDebtor: result.OwnerInfo && { keyNo: result.OwnerInfo.KeyNo, name: result.OwnerInfo.Name },
});

/**
 * Resolvers over two ways to ask: `list(searchKey, size, page, context)` and `detail(id, context)`, each of which gives
 * the answer's envelope. Peers ask QCC for the pages that the query asks for.
 */
export const resolversOver = ({ list, detail }) => ({
  Query: { company: (_, { searchKey }) => ({ searchKey }) },
  Company: {
    async endCases({ searchKey }, { first, page }, context) {
      const { Paging, Result } = await list(searchKey, first, page, context);
      return { totalCount: Paging.TotalRecords, nodes: Result.Data.map(readCase) };
    },
  },
  EndCase: { detail: async ({ id }, _, context) => readDetail((await detail(id, context)).Result) },
});
