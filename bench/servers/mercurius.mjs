// Mercurius with its JIT, its loaders and mercurius-cache, over undici.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import cache from 'mercurius-cache';
import { Pool } from 'undici';
import { baseUrl, detailPath, listPath, sign } from '../qcc.mjs';
import { createResolvers, readDetail, typeDefs } from '../schema.mjs';

const { origin, pathname } = new URL(baseUrl);
const pool = new Pool(origin, { connections: 32 });
const get = async (path) => {
  const { body } = await pool.request({ method: 'GET', path: pathname + path, headers: sign() });
  return body.json();
};
const { EndCase, ...resolvers } = createResolvers({
  list: (searchKey, size, page) => get(listPath(searchKey, size, page)),
});
const app = Fastify();
await app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  loaders: {
    EndCase: {
      detail: (queries) =>
        Promise.all(queries.map(async ({ obj }) => readDetail((await get(detailPath(obj.id))).Result))),
    },
  },
  jit: 1,
});
await app.register(cache, {
  ttl: 86_400,
  storage: { type: 'memory', options: { size: 100_000 } },
  policy: { Company: { endCases: true }, EndCase: { detail: true } },
});
console.log(`${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`);
