// Apollo Server with @apollo/datasource-rest, whose cache keeps answers for a day.
import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { baseUrl, detailPath, listPath, sign } from '../qcc.mjs';
import { createResolvers, typeDefs } from '../schema.mjs';

class Qcc extends RESTDataSource {
  baseURL = `${baseUrl}/`;
  willSendRequest(_path, request) {
    Object.assign(request.headers, sign());
  }
  cacheOptionsFor() {
    return { ttl: 86_400 };
  }
  list(searchKey, size, page) {
    return this.get(listPath(searchKey, size, page).slice(1));
  }
  detail(id) {
    return this.get(detailPath(id).slice(1));
  }
}

const resolvers = createResolvers({
  list: (searchKey, size, page, { qcc }) => qcc.list(searchKey, size, page),
  detail: (id, { qcc }) => qcc.detail(id),
});
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({ qcc: new Qcc({ cache: server.cache }) }),
});
console.log(new URL('/graphql', url).href);
