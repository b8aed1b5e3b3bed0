// Chinese first, English one click away. Texts of the pack (titles, reasons)
// come from the server in both languages; use text() for them.
import { createI18n, useI18n } from 'vue-i18n';
import type { Words } from '@/api/types';
import en from './en.json';
import zh from './zh.json';

export type Lang = 'zh' | 'en';

const KEY = 'jinyang.lang'; // also read by public/theme-boot.js

function remembered(): Lang {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

function apply(lang: Lang): void {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
}

export function createConsoleI18n() {
  const lang = remembered();
  apply(lang);
  return createI18n({ legacy: false, locale: lang, fallbackLocale: 'zh', messages: { zh, en } });
}

/** inLang picks the language of a text, falling back to the other when it is empty. */
export function inLang(text: Words | undefined, lang: Lang): string {
  if (!text || typeof text === 'string') return text ?? '';
  return (lang === 'en' && text.en) || text.zh || text.en;
}

/** useLang gives the language, translations, and texts of the pack in it. */
export function useLang() {
  const { t, te, locale } = useI18n();
  const lang = () => locale.value as Lang;
  return {
    t,
    te,
    locale,
    lang,
    text: (value: Words | undefined) => inLang(value, lang()),
    toggle: () => {
      locale.value = lang() === 'zh' ? 'en' : 'zh';
      apply(lang());
      try {
        localStorage.setItem(KEY, lang());
      } catch {
        // It then lasts until the page is left.
      }
    },
  };
}
