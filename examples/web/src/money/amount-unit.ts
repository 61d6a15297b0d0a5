import { createStore } from '../store';
import type { AmountUnit } from './amount-text';

/** The unit of all amounts on the page. */
export const amountUnit = createStore<AmountUnit>('short');
