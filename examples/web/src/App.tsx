import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { access, askForKey, signOut } from './access/access';
import { SignIn } from './access/SignIn';
import { useAccessCheck } from './access/use-access-check';
import { CompanyPage } from './company/CompanyPage';
import { AmountUnitContext } from './money/amount-text';
import { amountUnit } from './money/amount-unit';
import { CostBar } from './parts/CostBar';
import { PortfolioPage } from './portfolio/PortfolioPage';
import { addressOf, type Route, route, scrollToView } from './routing/route';
import { SpendingPage } from './spending/SpendingPage';
import { useStore } from './store';
import { type Language, LanguageContext, texts } from './text/text';

/** The view that the page was opened with: the focus stays where the browser has it. */
const firstRoute = route.get();

const VIEWS: readonly Route['view'][] = ['company', 'portfolio', 'spending'];

function View({ current }: { current: Route }) {
  switch (current.view) {
    case 'company':
      return <CompanyPage searchKey={current.searchKey} />;
    case 'portfolio':
      return <PortfolioPage />;
    case 'spending':
      return <SpendingPage />;
  }
}

export function App() {
  const [language, setLanguage] = useState<Language>(navigator.language.startsWith('zh') ? 'zh' : 'en');
  const current = useStore(route);
  const unit = useStore(amountUnit);
  const { key } = useStore(access);
  const main = useRef<HTMLElement>(null);
  const text = texts[language];
  useAccessCheck();
  useLayoutEffect(() => {
    if (current === firstRoute) return;
    scrollToView(current.view);
    main.current?.focus({ preventScroll: true });
  }, [current]);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    const company = current.view === 'company' ? current.searchKey : undefined;
    document.title = `${company ?? text.view[current.view]} · ${text.title}`;
  }, [language, text, current]);
  return (
    <LanguageContext value={language}>
      <AmountUnitContext value={unit}>
        <button type="button" className="skip" onClick={() => main.current?.focus()}>
          {text.skip}
        </button>
        <header className="top">
          <h1>{text.title}</h1>
          <nav aria-label={text.views}>
            {VIEWS.map((view) => (
              <a
                key={view}
                href={addressOf(view === 'company' ? { view, searchKey: undefined } : { view })}
                aria-current={view === current.view ? 'page' : undefined}
              >
                {text.view[view]}
              </a>
            ))}
          </nav>
          <div className="actions">
            <button
              type="button"
              className="link"
              lang={language === 'zh' ? 'en' : 'zh-CN'}
              onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
            >
              {text.otherLanguage}
            </button>
            <button type="button" className="link" onClick={key === undefined ? askForKey : signOut}>
              {key === undefined ? text.access.signIn : text.access.signOut}
            </button>
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1}>
          <View current={current} />
        </main>
        <CostBar />
        <SignIn />
      </AmountUnitContext>
    </LanguageContext>
  );
}
