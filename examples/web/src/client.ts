import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { costLink } from './cost';

export const client = new ApolloClient({
  link: ApolloLink.from([costLink, new HttpLink({ uri: '/graphql' })]),
  cache: new InMemoryCache({
    typePolicies: {
      Company: {
        keyFields: ['searchKey'],
        // A page by its number: each window is a value of its own.
        fields: { endCases: { keyArgs: ['first', 'offset'] } },
      },
    },
  }),
});
