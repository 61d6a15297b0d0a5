// The configuration of Tailcall, a Rust binary: the graph itself. It cannot sign a call, so its upstream is the signing proxy.
export const tailcallConfig = (port, upstream, key) => /* GraphQL */ `
schema @server(port: ${port}, hostname: "127.0.0.1") @upstream(keepAliveTimeout: 90) { query: Query }
type Query { company(searchKey: String!): Company @expr(body: { searchKey: "{{.args.searchKey}}" }) }
type Company {
  searchKey: String!
  endCases(first: Int!, page: Int!): List
    @http(
      url: "${upstream}/EndExecuteCaseCheck/GetList"
      query: [
        { key: "key", value: "${key}" }
        { key: "searchKey", value: "{{.value.searchKey}}" }
        { key: "pageIndex", value: "{{.args.page}}" }
        { key: "pageSize", value: "{{.args.first}}" }
      ]
    )
    @cache(maxAge: 86400000)
}
type List { Paging: Paging Result: Page }
type Paging { TotalRecords: Int }
type Page { Data: [EndCase] }
type EndCase {
  Id: ID
  CaseNo: String
  Court: String
  LianDate: String
  EndDate: String
  ExecuteSubject: String
  UnperformedAmt: String
  detail: Detail
    @http(
      url: "${upstream}/EndExecuteCaseCheck/GetDetail"
      query: [{ key: "key", value: "${key}" }, { key: "id", value: "{{.value.Id}}" }]
    )
    @cache(maxAge: 86400000)
}
type Detail { Result: Case }
type Case { Id: ID CerNo: String OwnerInfo: Owner }
type Owner { KeyNo: ID Name: String }
`;
