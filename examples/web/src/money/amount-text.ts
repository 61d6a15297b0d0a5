import { createContext, useContext } from 'react';
import { type Language, useLanguage } from '../text/text';
import { type Decimal, parseDecimal, shiftAndRound, toGroupedText, widen } from './decimal';

/** Short: in 万元 in Chinese, in thousands in English. Exact: in yuan, with every digit. */
export type AmountUnit = 'short' | 'exact';

export const AmountUnitContext = createContext<AmountUnit>('short');

/** The power of ten of the short unit. */
export const SHIFT: Readonly<Record<Language, number>> = { zh: 4, en: 3 };
const SMALL = 100;

/** An amount of yuan for people, rounded only in the short unit. */
function amountText(amount: Decimal, unit: AmountUnit, language: Language): string {
  if (unit === 'exact') return toGroupedText(amount);
  const whole = shiftAndRound(amount, SHIFT[language], 0).units;
  const digits = whole < SMALL && whole > -SMALL ? 1 : 0;
  return toGroupedText(shiftAndRound(amount, SHIFT[language], digits));
}

/** Writes amounts in the unit and the language that the reader chose. */
export function useAmountText(): (amount: Decimal | string | null | undefined) => string {
  const unit = useContext(AmountUnitContext);
  const language = useLanguage();
  return (amount) => {
    const decimal = typeof amount === 'string' ? parseDecimal(amount) : amount;
    return decimal == null ? '—' : amountText(decimal, unit, language);
  };
}

/** Yuan with every digit: `¥1,234.50`. */
export function exactYuan(amount: Decimal | string | null | undefined): string {
  const decimal = typeof amount === 'string' ? parseDecimal(amount) : amount;
  return decimal == null ? '—' : `¥${toGroupedText(decimal)}`;
}

/** A price in yuan, with two decimal places at least: `¥1.20`. */
export const priceYuan = (amount: Decimal) => exactYuan(widen(amount, 2));
