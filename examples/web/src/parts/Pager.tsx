import { useText } from '../text/text';

interface Props {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly onChange: (page: number) => void;
}

/** Turns the pages of a table. */
export function Pager({ page, pages, onChange }: Props) {
  const text = useText();
  if (pages < 2) return null;
  const label = text.company.page(page + 1, pages);
  return (
    <nav className="pager" aria-label={text.company.table}>
      <button type="button" disabled={page === 0} onClick={() => onChange(page - 1)}>
        {text.company.previous}
      </button>
      <span aria-live="polite">{label}</span>
      <button type="button" disabled={page + 1 >= pages} onClick={() => onChange(page + 1)}>
        {text.company.next}
      </button>
    </nav>
  );
}
