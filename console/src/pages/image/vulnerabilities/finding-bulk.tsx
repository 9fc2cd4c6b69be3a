import { Button } from '@mantine/core';
import { IconEyeOff, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { fixableOf } from './fixable.ts';

/** What can be done with selected findings; tells how many of them an order to fix takes. */
export function FindingBulk({
  rows,
  fix,
  ignore,
}: {
  readonly rows: readonly Schema<'Finding'>[];
  readonly fix: (() => void) | undefined;
  readonly ignore: (() => void) | undefined;
}) {
  const { t } = useTranslation('image');
  const count = fixableOf(rows).length;
  return (
    <>
      {fix !== undefined && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconTool size={15} />}
          disabled={count === 0}
          title={count === 0 ? t('bulk.noneFixable') : t('bulk.fixHint')}
          onClick={fix}
        >
          {count === 0 ? t('fix') : t('fixMany', { count })}
        </Button>
      )}
      {ignore !== undefined && (
        <Button size="compact-sm" variant="light" color="gray" leftSection={<IconEyeOff size={15} />} onClick={ignore}>
          {t('bulk.ignore')}
        </Button>
      )}
    </>
  );
}
