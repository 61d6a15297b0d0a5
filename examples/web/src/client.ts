import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { costLink } from './cost';

export const client = new ApolloClient({
  link: ApolloLink.from([costLink, new HttpLink({ uri: '/graphql' })]),
  cache: new InMemoryCache({
    typePolicies: {
      Company: {
        keyFields: ['searchKey'],
        // Pages have numbers, so each window is cached separately.
        fields: { endCases: { keyArgs: ['first', 'offset'] } },
      },
    },
  }),
});
