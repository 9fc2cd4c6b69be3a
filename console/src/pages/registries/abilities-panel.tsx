import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Panel } from '../../components/page/page.tsx';
import { Time } from '../../components/show/values.tsx';
import { AbilityMatrix } from './ability-matrix.tsx';
import classes from './registry-page.module.css';
import { useRegistryTest } from './use-registry-test.ts';

/** What a registry lets Drydock do, as the last test found, and testing it now. */
export function AbilitiesPanel({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation('registries');
  const { may } = useSession();
  const test = useRegistryTest(registry.id);
  return (
    <Panel
      title={t('matrix.title')}
      aside={
        <>
          {registry.checkedAt !== null && (
            <span>
              {t('column.checked')} <Time at={registry.checkedAt} />
            </span>
          )}
          {may('drydock:registry:test', registry.projectId) && (
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconPlugConnected size={15} />}
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              {t('matrix.test')}
            </Button>
          )}
        </>
      }
    >
      {registry.abilities === null ? (
        <p className={classes.quiet}>{t('matrix.none')}</p>
      ) : (
        <AbilityMatrix abilities={registry.abilities} kind={registry.kind} />
      )}
    </Panel>
  );
}
