import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { access } from '../access/access';
import { costLink } from './page-cost';

const keyLink = new SetContextLink(({ headers }) => {
  const { key } = access.get();
  return { headers: { ...headers, ...(key && { authorization: `Bearer ${key}` }) } };
});

export const client = new ApolloClient({
  link: ApolloLink.from([keyLink, costLink, new HttpLink({ uri: '/graphql' })]),
  cache: new InMemoryCache(),
  // A dry run and the purchase that follows it differ in their headers alone: they must not be taken for one request.
  queryDeduplication: false,
  clientAwareness: { name: 'workbench' },
});
