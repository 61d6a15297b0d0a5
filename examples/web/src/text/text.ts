import { createContext, useContext } from 'react';
import { en } from './en';
import { zh } from './zh';

export type Language = 'zh' | 'en';
export type Text = typeof zh;

export const texts: Readonly<Record<Language, Text>> = { zh, en };

export const LanguageContext = createContext<Language>('zh');
export const useLanguage = () => useContext(LanguageContext);
export const useText = () => texts[useLanguage()];
