import type { zhProblems } from './zh-problems';

const say = (title: string, advice: string) => ({ title, advice });

export const enProblems: typeof zhProblems = {
  after: (seconds) => {
    if (seconds < 90) return `You can try again in about ${Math.max(1, Math.ceil(seconds))} s.`;
    if (seconds < 5400) return `You can try again in about ${Math.ceil(seconds / 60)} minutes.`;
    return `You can try again in about ${Math.ceil(seconds / 3600)} hours.`;
  },
  unauthenticated: say(
    'Sign in first',
    'You are not signed in, or your key is no longer valid. Sign in to continue: nothing is billed twice.',
  ),
  forbidden: say(
    'Not permitted',
    'Your key does not include this. Ask your administrator for it; everything else still works.',
  ),
  rateLimited: say('Too many requests', 'Nothing was billed for this one. Wait a moment, then continue.'),
  overloaded: say(
    'The system is busy',
    'It cannot take more requests at present, and billed nothing for this one. Try again shortly. If it persists, tell your administrator.',
  ),
  budgetDay: say(
    'Today’s budget is used up',
    'It is renewed at midnight, Beijing time. What was searched before is still free to see. If it is urgent, ask your administrator to raise the budget.',
  ),
  budgetMonth: say(
    'This month’s budget is used up',
    'It is renewed on the first of next month, Beijing time. What was searched before is still free to see. If it is urgent, ask your administrator to raise the budget.',
  ),
  budgetClient: say(
    'Your allowance for today is used up',
    'It is renewed at midnight, Beijing time. What was searched before is still free to see. If it is urgent, ask your administrator to raise it.',
  ),
  budgetUnknown: say(
    'The budget cannot be checked at present',
    'To avoid overspending, nothing was bought. Try again shortly.',
  ),
  costLimit: say(
    'The limit is reached',
    'Loading more would exceed the limit that was set for this purchase, so it stopped. To continue, load again with a higher limit.',
  ),
  tooLarge: say(
    'Too much at once',
    'The request exceeds what the system answers at once, and was not billed. Try again with fewer companies.',
  ),
  badKey: say(
    'This is not a company name or code',
    'Check it: a name has at least 2 characters. A credit code has 18; one of them may be mistyped, or search by name. Only companies can be searched, not people.',
  ),
  pending: say('QCC is preparing the data', 'Wait before you try again: each attempt is billed.'),
  lastRow: say('Beyond the last case', 'QCC provides the first 5,000 cases of a company only.'),
  cooldown: say(
    'QCC has suspended this search',
    'It does so after repeated errors. Try again later; other companies can be searched meanwhile.',
  ),
  account: say(
    'QCC’s account is not available',
    'It may be out of credit or quota, or lack this service. Tell your administrator. What was searched before is still free to see.',
  ),
  source: say('QCC sent no data', 'Try again later. What was retrieved is not billed again.'),
  unreadable: say(
    'Some values cannot be read',
    'QCC sent something that is no date or amount. The table shows “—” for it, and the sums leave it out.',
  ),
  offline: say(
    'The system cannot be reached',
    'Check your network and try again. If other sites work, tell your administrator.',
  ),
  other: say(
    'Something unexpected happened',
    'Try again. If it happens again, give the number below to your administrator.',
  ),
  raw: (texts) => `As QCC sent it: ${texts}`,
  reference: (id) => `Number: ${id}`,
};
