import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Column, Columns } from '../../components/page/columns.tsx';
import { Page, Panel } from '../../components/page/page.tsx';
import { AbilitiesPanel } from './abilities-panel.tsx';
import { emptyDraft, orderOf, type RegistryDraft } from './registry-draft.ts';
import { RegistryForm } from './registry-form.tsx';
import classes from './registry-page.module.css';
import { SyncPanel } from './sync-panel.tsx';

/** Adds a registry, then tests it and shows what works; which one it became is in the address. */
export function NewRegistryPage() {
  const { t } = useTranslation(['registries', 'common']);
  const { may } = useSession();
  const [id, setId] = useUrlState('id');
  const add = useChange<RegistryDraft, Schema<'Registry'> | undefined>({
    run: async (draft) => (await api.POST('/api/v1/registries', { body: orderOf(draft) })).data,
    touches: ['/api/v1/registries', '/api/v1/scans', '/api/v1/schedules'],
    quiet: true,
    after: (made) => made !== undefined && setId(String(made.id)),
  });
  const trail = <Link to="/registries">{t('title')}</Link>;
  if (!may('drydock:registry:write')) {
    return (
      <Page title={t('new.title')} trail={trail}>
        <EmptyState title={t('common:notAllowed', { action: 'drydock:registry:write' })} />
      </Page>
    );
  }
  return (
    <Page title={t('new.title')} trail={trail}>
      {id === '' ? (
        <Panel>
          <RegistryForm
            start={emptyDraft}
            submitLabel={t('new.create')}
            busy={add.isPending}
            error={add.error}
            onSubmit={(draft) => add.mutate(draft)}
          />
        </Panel>
      ) : (
        <Added id={id} />
      )}
    </Page>
  );
}

function Added({ id }: { readonly id: string }) {
  const { t } = useTranslation('registries');
  const go = useGo();
  const { data } = $api.useQuery('get', '/api/v1/registries/{id}', { params: { path: { id } } });
  if (data === undefined) return null;
  return (
    <Columns>
      <Column>
        <AbilitiesPanel registry={data} atOnce />
        <div className={classes.line}>
          <Button onClick={() => go(`/registries/${id}`)}>{t('new.open')}</Button>
          <Button variant="default" onClick={() => go(`/registries/${id}`, { tab: 'settings' })}>
            {t('new.change')}
          </Button>
        </div>
      </Column>
      <Column>
        <SyncPanel registry={data} />
      </Column>
    </Columns>
  );
}
