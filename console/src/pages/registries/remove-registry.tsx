import { Button, Modal } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { useChange } from '../../components/feedback/use-change.ts';
import classes from './registry-page.module.css';

/** Takes a registry away, after asking: its images and their history go with it for good. */
export function RemoveRegistry({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation(['registries', 'common']);
  const go = useGo();
  const [asking, setAsking] = useState(false);
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q: `registry.id:${registry.id}`, limit: '1' } } },
    { enabled: asking },
  );
  const remove = useChange({
    run: () => api.DELETE('/api/v1/registries/{id}', { params: { path: { id: String(registry.id) } } }),
    touches: ['/api/v1/registries', '/api/v1/images', '/api/v1/worklist', '/api/v1/scans', '/api/v1/schedules'],
    done: () => ({ text: t('one.removed', { name: registry.name }) }),
    after: () => go('/registries'),
  });
  const count = images.data?.total;
  return (
    <>
      <Button variant="subtle" color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
        {t('one.remove')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('one.removeTitle', { name: registry.name })}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <p>{count === undefined ? `${t('common:loading')}…` : t('one.removeText', { count })}</p>
        <p className={classes.quiet}>{t('one.removeRegistryKeeps')}</p>
        <div className={classes.actions}>
          <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
            {t('common:cancel')}
          </Button>
          <Button color="red" disabled={count === undefined} loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('one.remove')}
          </Button>
        </div>
      </Modal>
    </>
  );
}
