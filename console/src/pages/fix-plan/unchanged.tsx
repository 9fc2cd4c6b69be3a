import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Panel } from '../../components/page/page.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './unchanged.module.css';

/** What the fix leaves exactly as it is. */
export function Unchanged({ result }: { readonly result: Schema<'FixPlanResult'> }) {
  const { t } = useTranslation('plan');
  const format = useFormat();
  const { config, layers, replacesOwnLayer, otherPlatforms, sourceTag } = result.unchanged;
  const kept = [
    replacesOwnLayer ? t('replaceLayer', { count: layers }) : t('keepLayers', { count: layers }),
    config.length === 0 ? t('keepConfigNone') : t('keepConfig', { count: config.length, keys: format.list(config) }),
    ...(otherPlatforms.length === 0
      ? []
      : [t('keepPlatforms', { platforms: format.list(otherPlatforms.map(({ platform }) => platform)) })]),
    ...(sourceTag === null ? [] : [t('keepTag', { tag: sourceTag })]),
    t('keepCode'),
  ];
  return (
    <Panel title={t('unchanged')}>
      <ul className={classes.list}>
        {kept.map((text) => (
          <li key={text}>
            <IconCheck size={15} stroke={2.2} aria-hidden="true" />
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
