import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { first as english } from '../locales/en/first.ts';
import type { Texts } from '../locales/en/index.ts';
import { first as chinese } from '../locales/zh/first.ts';

/** Languages of the console. */
export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Texts;
    returnNull: false;
  }
}

const key = 'drydock-language';

const load: Readonly<Record<Language, () => Promise<{ texts: unknown }>>> = {
  en: () => import('../locales/en/index.ts'),
  zh: () => import('../locales/zh/index.ts'),
};

/** What the user chose, else what the browser prefers. */
function preferred(): Language {
  const chosen = localStorage.getItem(key);
  const known = languages.find((language) => language === chosen);
  return known ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
}

const complete = new Set<Language>();

async function bring(language: Language): Promise<void> {
  if (complete.has(language)) return;
  const { texts } = await load[language]();
  for (const [namespace, entries] of Object.entries(texts as Record<string, object>)) {
    i18next.addResourceBundle(language, namespace, entries, true, true);
  }
  complete.add(language);
}

/** The texts of all pages in the language of the page; those of the first page are there from the start. */
export function allTexts(): Promise<void> {
  return bring(i18next.language as Language);
}

/** Makes the texts of the frame and of the first page available. */
export async function startTexts(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [],
    defaultNS: 'common',
    resources: { en: english, zh: chinese },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
    // Types make this impossible for names that are written; those that are put together are told here, and tests look.
    saveMissing: true,
    missingKeyHandler: (_, namespace, name) => console.error(`no text for ${namespace}:${name}`),
  });
  document.documentElement.lang = language;
}

/** Changes the language of everything on screen, and keeps the choice. */
export async function chooseLanguage(language: Language): Promise<void> {
  await bring(language);
  localStorage.setItem(key, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
