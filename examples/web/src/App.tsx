import { type FormEvent, useState } from 'react';
import { Company } from './Company';
import { usePageCost } from './cost';
import { type Language, TextContext, texts, useText } from './text';

function Cost() {
  const text = useText();
  const { billed, maybeBilled, callsAvoided, amount, sandbox } = usePageCost();
  return (
    <aside className="cost" aria-label={text.cost} aria-live="polite">
      <span className="quiet">{text.cost}</span>
      <strong>
        {amount === null ? text.billed(billed) : `¥${amount.toFixed(2)} · ${text.billed(billed)}`}
      </strong>
      {maybeBilled > 0 && <span>{text.maybeBilled(maybeBilled)}</span>}
      <span className="quiet">{text.callsAvoided(callsAvoided)}</span>
      {sandbox && <span className="badge">{text.sandbox}</span>}
    </aside>
  );
}

export function App() {
  const [language, setLanguage] = useState<Language>(navigator.language.startsWith('zh') ? 'zh' : 'en');
  const [typed, setTyped] = useState('');
  const [searchKey, setSearchKey] = useState('');
  const text = texts[language];
  const search = (key: string) => {
    setTyped(key);
    setSearchKey(key.trim());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    search(typed);
  };
  return (
    <TextContext value={text}>
      <div lang={language} className="page">
        <header className="top">
          <div>
            <h1>{text.title}</h1>
            <p className="quiet">{text.lead}</p>
          </div>
          <button type="button" className="link" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
            {text.otherLanguage}
          </button>
        </header>
        <search>
          <form onSubmit={submit}>
            <label htmlFor="searchKey">{text.label}</label>
            <div className="field">
              <input
                id="searchKey"
                type="search"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                required
              />
              <button type="submit">{text.search}</button>
            </div>
          </form>
        </search>
        <main>
          {searchKey === '' ? (
            <p className="empty">{text.start}</p>
          ) : (
            <Company key={searchKey} searchKey={searchKey} onSearch={search} />
          )}
        </main>
        <Cost />
      </div>
    </TextContext>
  );
}
