import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Panel } from '../../components/page/page.tsx';
import { Time } from '../../components/show/values.tsx';
import { AbilityMatrix } from './ability-matrix.tsx';
import classes from './registry-page.module.css';
import { useRegistryTest } from './use-registry-test.ts';

/** What a registry lets Drydock do, as the last test found, and testing it now. */
export function AbilitiesPanel({
  registry,
  atOnce = false,
}: {
  readonly registry: Schema<'Registry'>;
  /** Tests when it comes on screen: the registry is new. */
  readonly atOnce?: boolean;
}) {
  const { t } = useTranslation('registries');
  const { may } = useSession();
  const test = useRegistryTest(registry.id, atOnce);
  const { mutate } = test;
  const asked = useRef(false);
  useEffect(() => {
    if (!atOnce || asked.current) return;
    asked.current = true;
    mutate();
  }, [atOnce, mutate]);
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
        <p className={classes.quiet} role="status">
          {test.isPending ? t('matrix.testing') : t('matrix.none')}
        </p>
      ) : (
        <AbilityMatrix abilities={registry.abilities} kind={registry.kind} />
      )}
    </Panel>
  );
}
