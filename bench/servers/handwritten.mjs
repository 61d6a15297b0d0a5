// Apollo Server, DataLoader and axios, used as in the first pages of their documentation.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import axios from 'axios';
import DataLoader from 'dataloader';
import { baseUrl, detailPath, listPath, sign } from '../qcc.mjs';
import { createResolvers, typeDefs } from '../schema.mjs';

const get = async (path) => (await axios.get(baseUrl + path, { headers: sign() })).data;
const resolvers = createResolvers({
  list: (searchKey, size, page) => get(listPath(searchKey, size, page)),
  detail: (id, { details }) => details.load(id),
});
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({
    details: new DataLoader((ids) => Promise.all(ids.map((id) => get(detailPath(id))))),
  }),
});
console.log(new URL('/graphql', url).href.replace('[::1]', '127.0.0.1'));
