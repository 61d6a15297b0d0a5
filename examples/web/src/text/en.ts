import { enCompany } from './en-company';
import { enPortfolio } from './en-portfolio';
import { enProblems } from './en-problems';
import { enSpending } from './en-spending';
import type { zh } from './zh';

const count = (value: number) => value.toLocaleString('en-GB');
const calls = (many: number) => `${count(many)} billed ${many === 1 ? 'call' : 'calls'}`;

export const en: typeof zh = {
  title: 'Terminated cases workbench',
  skip: 'Skip to content',
  otherLanguage: '中文',
  views: 'Views',
  view: { company: 'Company', portfolio: 'Portfolio', spending: 'Spending' },
  loading: 'Loading…',
  retry: 'Try again',
  close: 'Close',
  exportCsv: 'Export CSV',
  count,
  unit: 'Amounts in',
  units: { short: '¥ thousand', exact: '¥ (exact)' },
  unitNames: { short: '¥ thousand', exact: '¥' },
  inUnit: (label, unit) => `${label} (${unit})`,
  asOf: (time) => `As of ${time}`,
  stale: 'QCC cannot provide newer data at present; this is what was retrieved earlier',
  orderNumber: (number) => `Order number ${number}`,
  orderNumbers: (many) => `${count(many)} order numbers`,
  missing: (many) => `${count(many)} without an amount, not in the sum`,
  showTable: 'Show as a table',
  access: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    title: 'Sign in',
    lead: 'Enter the access key that your administrator gave you.',
    missing: 'You need to sign in before you can search.',
    refused: 'This key is unknown or no longer valid. Check it, or ask your administrator for a new one.',
    impossible:
      'A key has only letters, digits and symbols, without blanks. Check whether you copied too much.',
    key: 'Access key',
    remember: 'Remember it in this tab, so that a reload does not sign me out',
    submit: 'Sign in',
    later: 'Not now',
  },
  cost: {
    label: 'Cost since the page was opened',
    billed: calls,
    maybeBilled: (many) => `${count(many)} possibly billed`,
    avoided: (many) => `${count(many)} free`,
    sandbox: 'demonstration with invented data',
  },
  purchase: {
    pricing: 'Working out the price. Nothing is billed yet…',
    calls,
    offer: (many, amount) => `At most ${many}${amount === undefined ? '' : `, ${amount}`}.`,
    limit: 'Buy at most (calls)',
    confirm: 'Confirm and load',
    cancel: 'Cancel',
    stop: 'Stop',
    running: (done, total) => `${count(done)} of ${count(total)} done`,
    bought: (many) => `${calls(many)} so far`,
    done: 'Done.',
    cancelled:
      'Stopped: no further request was sent. What was loaded stays, and what was billed is not billed again when you load it.',
    stopped: 'Not everything could be loaded.',
  },
  company: enCompany,
  portfolio: enPortfolio,
  spending: enSpending,
  problems: enProblems,
};
