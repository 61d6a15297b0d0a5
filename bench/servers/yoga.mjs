// GraphQL Yoga with its response cache, over fetch.
import { createServer } from 'node:http';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { baseUrl, detailPath, listPath, sign } from '../qcc.mjs';
import { createResolvers, typeDefs } from '../schema.mjs';

const get = async (path) => (await fetch(baseUrl + path, { headers: sign() })).json();
const resolvers = createResolvers({
  list: (searchKey, size, page) => get(listPath(searchKey, size, page)),
  detail: (id, { details }) => details.load(id),
});
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  logging: false,
  context: () => ({ details: new DataLoader((ids) => Promise.all(ids.map((id) => get(detailPath(id))))) }),
  plugins: [useResponseCache({ session: () => null, ttl: 86_400_000 })],
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
