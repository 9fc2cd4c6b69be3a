import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The words of a text that the server gives in every language. */
export function useText(): (text: { readonly en: string; readonly zh: string }) => string {
  const { i18n } = useTranslation();
  const chinese = i18n.language === 'zh';
  return useCallback((text) => (chinese ? text.zh : text.en), [chinese]);
}
