import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Facts, Panel } from '../../components/page/page.tsx';
import { Time } from '../../components/show/values.tsx';
import { useRhythmWords } from '../../schedule/use-rhythm-words.ts';
import classes from './registry-page.module.css';

/** What is set for a registry. */
export function RegistryFacts({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation('registries');
  const words = useRhythmWords();
  const { username, hasPassword, include, exclude, references } = registry;
  const credentials =
    username === null
      ? t('one.anonymous')
      : t(hasPassword ? 'one.withPassword' : 'one.withoutPassword', { name: username });
  const patterns = (lines: readonly string[]) => (
    <ul className={classes.patterns}>
      {lines.map((line) => (
        <li key={line}>
          <bdi className="mono">{line}</bdi>
        </li>
      ))}
    </ul>
  );
  return (
    <Panel title={t('one.facts')}>
      <Facts
        items={[
          [t('form.baseUrl'), <bdi key="url">{registry.baseUrl}</bdi>],
          [t('form.kind'), t(`kind.${registry.kind}`)],
          [t('form.credentials'), <bdi key="credentials">{credentials}</bdi>],
          registry.connectAddress === null ? null : [t('form.connectAddress'), registry.connectAddress],
          registry.insecure ? [t('form.insecure'), t('one.insecure')] : null,
          [t('one.schedule'), words(registry.schedule)],
          [t('form.include'), include.length === 0 ? t('one.everything') : patterns(include)],
          exclude.length === 0 ? null : [t('form.exclude'), patterns(exclude)],
          references.length === 0 ? null : [t('form.references'), patterns(references.slice(0, 20))],
          registry.scansPerHour === null ? null : [t('form.scansPerHour'), String(registry.scansPerHour)],
          [t('form.region'), registry.region === '' ? '–' : registry.region],
          [t('one.instance'), <code key="instance">{registry.instanceId}</code>],
          [t('one.created'), <Time key="created" at={registry.createdAt} exact />],
        ]}
      />
    </Panel>
  );
}
