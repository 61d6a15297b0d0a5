/** The part of the graph that the workloads query, as a peer would write it. */
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

/** Renames QCC's fields to the names in the schema. */
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
 * Creates resolvers from two functions that call QCC: `list(searchKey, size, page, context)` and `detail(id, context)`.
 * Both return the envelope of the answer. A peer's page of a list is a page of QCC's list of the same size.
 */
export const createResolvers = ({ list, detail }) => ({
  Query: { company: (_, { searchKey }) => ({ searchKey }) },
  Company: {
    async endCases({ searchKey }, { first, page }, context) {
      const { Paging, Result } = await list(searchKey, first, page, context);
      return { totalCount: Paging.TotalRecords, nodes: Result.Data.map(readCase) };
    },
  },
  EndCase: { detail: async ({ id }, _, context) => readDetail((await detail(id, context)).Result) },
});
