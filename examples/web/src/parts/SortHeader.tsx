interface Props {
  readonly label: string;
  /** Whether the table is sorted by this column. */
  readonly isSorted: boolean;
  readonly descending: boolean;
  readonly isNumber?: boolean;
  readonly onSort: () => void;
}

/** The head of a column that sorts the table. */
export function SortHeader({ label, isSorted, descending, isNumber, onSort }: Props) {
  const order = descending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={isNumber ? 'number' : undefined} aria-sort={isSorted ? order : undefined}>
      <button type="button" className="sort" onClick={onSort}>
        {label}
        <span aria-hidden="true">{isSorted ? (descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}
