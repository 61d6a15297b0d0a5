import { type FormEvent, useState } from 'react';
import { useText } from '../text/text';

interface Props {
  readonly searchKey: string | undefined;
  readonly onSearch: (searchKey: string) => void;
}

export function CompanySearch({ searchKey, onSearch }: Props) {
  const text = useText().company;
  const [typed, setTyped] = useState(searchKey ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = typed.trim();
    if (trimmed !== '') onSearch(trimmed);
  };
  return (
    <search>
      <form onSubmit={submit} className="search">
        <label htmlFor="searchKey">{text.label}</label>
        <div className="field">
          <input
            id="searchKey"
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            aria-describedby="searchCost"
            maxLength={200}
            required
          />
          <button type="submit" className="primary">
            {text.search}
          </button>
        </div>
        <p id="searchCost" className="quiet">
          {searchKey === undefined && `${text.start} `}
          {text.searchCost}
        </p>
      </form>
    </search>
  );
}
