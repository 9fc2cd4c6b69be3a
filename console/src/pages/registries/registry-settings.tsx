import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useChange } from '../../components/feedback/use-change.ts';
import { Panel } from '../../components/page/page.tsx';
import { changeOf, draftOf, type RegistryDraft } from './registry-draft.ts';
import { RegistryForm } from './registry-form.tsx';

/** Changes a registry; credentials apart, a change can be taken back. */
export function RegistrySettings({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation(['registries', 'common']);
  // Begins anew after saving, and not when the registry is told again while somebody types.
  const [start, setStart] = useState(() => draftOf(registry));
  const [round, setRound] = useState(0);
  const path = { id: String(registry.id) };
  const patch = async (body: Schema<'RegistryChangeInput'>) =>
    (await api.PATCH('/api/v1/registries/{id}', { params: { path }, body })).data;
  const save = useChange<RegistryDraft, Schema<'Registry'> | undefined>({
    run: (draft) => patch(changeOf(start, draft)),
    touches: ['/api/v1/registries', '/api/v1/schedules'],
    quiet: true,
    done: (_saved, draft) => {
      const back = changeOf(draft, start);
      const secret = draft.password !== '' || draft.forget || 'baseUrl' in back || 'ca' in back || 'insecure' in back;
      return {
        text: t('one.saved', { name: draft.name }),
        ...(secret || Object.keys(back).length === 0 ? {} : { undo: () => patch(back).then(begin) }),
      };
    },
    after: (saved) => begin(saved),
  });
  const begin = (saved: Schema<'Registry'> | undefined): void => {
    if (saved === undefined) return;
    setStart(draftOf(saved));
    setRound((old) => old + 1);
  };
  return (
    <Panel>
      <RegistryForm
        key={round}
        start={start}
        exists
        hasPassword={registry.hasPassword}
        submitLabel={t('common:save')}
        busy={save.isPending}
        error={save.error}
        onSubmit={(draft) => save.mutate(draft)}
      />
    </Panel>
  );
}
