import { createRoot } from 'react-dom/client';
import { App } from './App';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/tables.css';
import './styles/cases.css';
import './styles/charts.css';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no element with the id root');
// Not in StrictMode: during development it runs each effect twice, and here an effect may buy.
createRoot(root).render(<App />);
