// Hive Gateway over a REST subgraph that GraphQL Mesh composes, with its response cache. Its upstream is the signing proxy.
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import InMemoryLRUCache from '@graphql-mesh/cache-inmemory-lru';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';
import { baseUrl, key } from '../qcc.mjs';

const text = { type: 'string' };
const row = {
  Id: '',
  CaseNo: '',
  Court: '',
  LianDate: '',
  EndDate: '',
  ExecuteSubject: '',
  UnperformedAmt: '',
};
const sourceHandler = loadJSONSchemaSubgraph('qcc', {
  endpoint: baseUrl,
  queryParams: { key },
  operations: [
    {
      type: 'Query',
      field: 'list',
      path: '/EndExecuteCaseCheck/GetList?searchKey={args.searchKey}&pageIndex={args.page}&pageSize={args.first}',
      method: 'GET',
      argTypeMap: { searchKey: text, first: { type: 'integer' }, page: { type: 'integer' } },
      requiredArgs: ['searchKey', 'first', 'page'],
      responseTypeName: 'List',
      responseSample: { Paging: { TotalRecords: 1 }, Result: { Data: [row] } },
    },
    {
      type: 'Query',
      field: 'detail',
      path: '/EndExecuteCaseCheck/GetDetail?id={args.id}',
      method: 'GET',
      argTypeMap: { id: text },
      requiredArgs: ['id'],
      responseTypeName: 'Detail',
      responseSample: { Result: { ...row, CerNo: '', OwnerInfo: { KeyNo: '', Name: '' } } },
    },
  ],
});
/** Only warnings and errors, and not on standard output, where the URL is printed. */
const logger = {
  debug() {},
  info() {},
  log() {},
  warn: console.error,
  error: console.error,
  child: () => logger,
};
const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [{ sourceHandler }],
    additionalTypeDefs: /* GraphQL */ `
      extend type query_list_Result_Data_items {
        detail: Detail
          @resolveTo(
            sourceName: "qcc"
            sourceTypeName: "Query"
            sourceFieldName: "detail"
            requiredSelectionSet: "{ Id }"
            sourceArgs: { id: "{root.Id}" }
          )
      }
    `,
  },
  logger,
);
const gateway = createGatewayRuntime({
  supergraph,
  logging: false,
  cache: new InMemoryLRUCache(),
  responseCaching: { session: () => null, ttl: 86_400_000 },
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
