import { search } from '../routing/route';
import { CompanyCases } from './CompanyCases';
import { CompanySearch } from './CompanySearch';
import { Meaning } from './Meaning';

/** One company: the search, and its cases. */
export function CompanyPage({ searchKey }: { searchKey: string | undefined }) {
  return (
    <>
      <CompanySearch key={`search ${searchKey}`} searchKey={searchKey} onSearch={search} />
      {searchKey !== undefined && <CompanyCases key={searchKey} searchKey={searchKey} />}
      <Meaning isOpen={searchKey === undefined} />
    </>
  );
}
