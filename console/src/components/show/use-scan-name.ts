import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

const newImages = /^new images of (.+)$/s;
const unnamed = 'IMAGE_SCAN';

/** The name of a scan in the user's language, where the server named it; a name that somebody gave stays. */
export function useScanName(): (scan: { readonly name: string; readonly source: string }) => string {
  const { t } = useTranslation('scans');
  return useCallback(
    ({ name, source }) => {
      const registry = source === 'sync' ? newImages.exec(name)?.[1] : undefined;
      if (registry !== undefined) return t('newImages', { registry });
      return name === unnamed ? t('unnamed') : name;
    },
    [t],
  );
}
