import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { FormError } from '../../components/feedback/form-parts.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { AbilityMatrix, verdictOf } from '../registries/ability-matrix.tsx';
import { changeOf, draftOf, emptyDraft, orderOf, type RegistryDraft } from '../registries/registry-draft.ts';
import { RegistryForm } from '../registries/registry-form.tsx';
import { useRegistryTest } from '../registries/use-registry-test.ts';
import classes from './start.module.css';
import { useStart } from './start-state.ts';

type Registry = Schema<'Registry'>;
const touches = ['/api/v1/registries', '/api/v1/scans', '/api/v1/schedules'];

/** Adds the registry, or corrects it when its test says that it does not work. */
export function ConnectStep() {
  const { registry, go } = useStart();
  const { data } = $api.useQuery(
    'get',
    '/api/v1/registries/{id}',
    { params: { path: { id: registry } } },
    { enabled: registry !== '' },
  );
  const add = useChange<RegistryDraft, Registry | undefined>({
    // New images wait until the repositories are chosen: the step that scans switches this on.
    run: async (draft) => (await api.POST('/api/v1/registries', { body: { ...orderOf(draft), scanNew: false } })).data,
    touches,
    quiet: true,
    after: (made) => made !== undefined && go({ registry: String(made.id) }),
  });
  if (registry !== '') return data === undefined ? null : <Tested key={data.id} registry={data} />;
  return <NewRegistry busy={add.isPending} error={add.error} onSubmit={(draft) => add.mutate(draft)} />;
}

interface NewRegistryProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (draft: RegistryDraft) => void;
}

function NewRegistry(form: NewRegistryProps) {
  const { t } = useTranslation('start');
  const { go } = useStart();
  const known = $api.useQuery('get', '/api/v1/registries', { params: { query: { limit: '5' } } }).data?.items ?? [];
  return (
    <div className={classes.content}>
      <p className={classes.hint}>{t('connect.hint')}</p>
      {known.length > 0 && (
        <div className={classes.known}>
          <span>{t('connect.known')}</span>
          {known.map(({ id, name }) => (
            <Button key={id} size="compact-sm" variant="light" onClick={() => go({ registry: String(id) })}>
              <bdi>{name}</bdi>
            </Button>
          ))}
        </div>
      )}
      <RegistryForm start={emptyDraft} brief submitLabel={t('connect.submit')} {...form} />
    </div>
  );
}

/** What the registry lets Drydock do; where that is not enough, its settings again. */
function Tested({ registry }: { readonly registry: Registry }) {
  const { t } = useTranslation(['start', 'registries', 'common']);
  const { go } = useStart();
  const [editing, setEditing] = useState(false);
  const test = useRegistryTest(registry.id, true);
  const { mutate, isPending, error } = test;
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate();
  }, [mutate]);
  const save = useChange<RegistryDraft, Registry | undefined>({
    run: async (draft) => {
      const path = { id: String(registry.id) };
      const body = changeOf(draftOf(registry), draft);
      return (await api.PATCH('/api/v1/registries/{id}', { params: { path }, body })).data;
    },
    touches,
    quiet: true,
    after: () => {
      setEditing(false);
      mutate();
    },
  });
  if (editing) {
    return (
      <RegistryForm
        start={draftOf(registry)}
        exists
        brief
        hasPassword={registry.hasPassword}
        submitLabel={t('connect.submit')}
        busy={save.isPending}
        error={save.error}
        onSubmit={(draft) => save.mutate(draft)}
      >
        <Button variant="default" onClick={() => setEditing(false)}>
          {t('common:cancel')}
        </Button>
      </RegistryForm>
    );
  }
  const abilities = isPending ? null : (test.data ?? registry.abilities);
  const isBad = abilities !== null && verdictOf(abilities, registry.kind) === 'bad';
  return (
    <div className={classes.content}>
      <p className={classes.hint}>
        <strong>
          <bdi>{registry.name}</bdi>
        </strong>{' '}
        <bdi>{registry.baseUrl}</bdi>
      </p>
      <FormError error={error} boxed />
      {abilities === null ? (
        <p role="status" className={classes.testing}>
          {isPending ? t('registries:matrix.testing') : t('registries:matrix.none')}
        </p>
      ) : (
        <AbilityMatrix abilities={abilities} kind={registry.kind} />
      )}
      <div className={classes.end}>
        <Button disabled={abilities === null || isBad} onClick={() => go({ step: 'choose' })}>
          {t('continue')}
        </Button>
        <Button variant={isBad ? 'filled' : 'default'} onClick={() => setEditing(true)}>
          {t('connect.change')}
        </Button>
        <Button variant="default" loading={isPending} onClick={() => mutate()}>
          {t('connect.again')}
        </Button>
      </div>
    </div>
  );
}
