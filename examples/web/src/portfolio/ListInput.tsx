import { type DragEvent, type FormEvent, useId, useMemo, useState } from 'react';
import { Choice } from '../parts/Choice';
import { useStore } from '../store';
import { useText } from '../text/text';
import { portfolio, setDraft } from './portfolio';
import { decodeFile, guessColumn, type Listed, listedIn, readList } from './read-list';

interface Props {
  /** Whether the list gives its place to the result. */
  readonly isFolded: boolean;
  readonly onChange: () => void;
  readonly onCheck: (listed: readonly Listed[]) => void;
}

const MAX_BYTES = 5_000_000;
const MAX_COMPANIES = 2_000;

/** Where a list is pasted, dropped or chosen, and its column. */
export function ListInput({ isFolded, onChange, onCheck }: Props) {
  const text = useText().portfolio;
  const { draft } = useStore(portfolio);
  const id = useId();
  const [fault, setFault] = useState('');
  const [chosen, setChosen] = useState<{ column: number; hasTitles: boolean }>();
  const cells = useMemo(() => readList(draft), [draft]);
  const { column, hasTitles } = chosen ?? guessColumn(cells);
  const replace = (list: string) => {
    onChange();
    setChosen(undefined);
    setFault('');
    setDraft(list);
  };
  const read = async (file: File | undefined) => {
    if (!file) return;
    const isTooBig = file.size > MAX_BYTES;
    const decoded = isTooBig ? undefined : decodeFile(new Uint8Array(await file.arrayBuffer()));
    if (decoded !== undefined) replace(decoded);
    else setFault(isTooBig ? text.tooBig : text.notText);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void read(event.dataTransfer.files[0]);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const listed = listedIn(cells, column, hasTitles);
    setFault(
      listed.length === 0 ? text.empty : listed.length > MAX_COMPANIES ? text.tooMany(MAX_COMPANIES) : '',
    );
    if (listed.length > 0) onCheck(listed.slice(0, MAX_COMPANIES));
  };
  const head = cells[0] ?? [];
  return (
    <details className="card" open={!isFolded}>
      <summary>{text.list}</summary>
      <form className="stack" onSubmit={submit} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
        <div>
          <label htmlFor={id}>{text.listHint}</label>
          <textarea
            id={id}
            rows={8}
            value={draft}
            spellCheck={false}
            onChange={(event) => replace(event.target.value)}
          />
        </div>
        <div className="file">
          <label className="button">
            {text.file}
            <input
              type="file"
              accept=".csv,.txt,.tsv,text/csv,text/plain"
              onChange={(event) => void read(event.target.files?.[0])}
            />
          </label>
          <span className="quiet">{text.drop}</span>
        </div>
        {head.length > 1 && (
          <div className="filters">
            <Choice
              label={text.column}
              value={String(column)}
              options={head.map((cell, index) => ({
                value: String(index),
                label: text.columnName(index + 1, cell.slice(0, 40)),
              }))}
              onChange={(value) => setChosen({ column: Number(value), hasTitles })}
            />
            <label className="check">
              <input
                type="checkbox"
                checked={hasTitles}
                onChange={(event) => setChosen({ column, hasTitles: event.target.checked })}
              />
              {text.hasHeader}
            </label>
          </div>
        )}
        {fault !== '' && (
          <p role="alert" className="warning">
            {fault}
          </p>
        )}
        <div className="actions">
          <button type="submit" className="primary" disabled={draft.trim() === ''}>
            {text.check}
          </button>
        </div>
      </form>
    </details>
  );
}
