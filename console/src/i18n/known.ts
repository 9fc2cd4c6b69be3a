import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The text of a key that is made of a word of the server, `scanState.failed`; the word itself where there is no text. */
export function useKnown(namespace: string): (prefix: string, word: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (prefix, word) => {
      const key = `${namespace}:${prefix}.${word}`;
      return i18n.exists(key) ? t(key as 'severity.high') : word;
    },
    [t, i18n, namespace],
  );
}
