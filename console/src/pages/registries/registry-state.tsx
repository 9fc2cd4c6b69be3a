import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Status, type StatusTone } from '../../components/show/status.tsx';

const tones: Readonly<Record<Schema<'Registry'>['state'], StatusTone>> = {
  new: 'quiet',
  ok: 'good',
  degraded: 'warn',
  unreachable: 'bad',
};

/** How a registry is, with the reason as its tooltip. */
export function RegistryState({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation('registries');
  return (
    <Status
      tone={tones[registry.state]}
      label={t(`state.${registry.state}`)}
      {...(registry.stateReason === null ? {} : { title: registry.stateReason })}
    />
  );
}
