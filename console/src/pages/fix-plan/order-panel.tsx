import { Button, Radio, TextInput } from '@mantine/core';
import { IconDownload, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { saveText } from '../../components/export/save-text.ts';
import { fixStrategies } from '../../components/fix/strategies.ts';
import { Panel } from '../../components/page/page.tsx';
import { Digest, Time } from '../../components/show/values.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './order-panel.module.css';
import { tagMistake } from './plan-order.ts';
import { useFixOrder } from './use-fix-order.ts';

interface OrderPanelProps {
  readonly plan: Schema<'FixPlanDetail'>;
  readonly result: Schema<'FixPlanResult'>;
  readonly image: Schema<'Image'> | undefined;
  /** The choice differs from the plan: plan again first. */
  readonly narrowed: boolean;
}

/** Orders what the plan shows: its tag, its strategy, what it costs. */
export function OrderPanel({ plan, result, image, narrowed }: OrderPanelProps) {
  const { t } = useTranslation(['plan', 'common']);
  const { may } = useSession();
  const format = useFormat();
  const [tag, setTag] = useUrlState('tag');
  const [, setStrategy] = useUrlState('strategy');
  const order = useFixOrder(plan);
  const shownTag = tag === '' ? result.target.tag : tag;
  const mistake = tagMistake(shownTag, image?.tag ?? result.unchanged.sourceTag);
  const refused = order.tagError;
  const { download, layer, advisories } = result;
  const blocked = narrowed || mistake !== null || !result.verdict.builds || plan.state !== 'ready';
  return (
    <Panel title={t('order')}>
      <div className={classes.form}>
        <TextInput
          label={t('tag')}
          description={image?.tagImmutable === true ? t('tagImmutable') : t('tagHint')}
          value={shownTag}
          maxLength={128}
          spellCheck={false}
          autoComplete="off"
          error={mistake === null ? refused : t(mistake)}
          onChange={(event) => {
            order.clear();
            const next = event.currentTarget.value;
            setTag(next === result.target.tag ? '' : next);
          }}
        />
        <Radio.Group
          label={t('strategy')}
          value={plan.order.strategy ?? 'all-or-nothing'}
          onChange={(value) => setStrategy(value, { push: true })}
        >
          <div className={classes.radios}>
            {fixStrategies.map((strategy) => (
              <Radio
                key={strategy}
                size="xs"
                classNames={{ description: classes.description ?? '' }}
                value={strategy}
                label={t(`strategyName.${strategy}`)}
                description={t(`strategyHint.${strategy}`)}
              />
            ))}
          </div>
        </Radio.Group>
        {may('drydock:fix:start', plan.projectId) ? (
          <div>
            <Button
              fullWidth
              size="md"
              leftSection={<IconTool size={18} />}
              disabled={blocked}
              loading={order.pending}
              onClick={() => order.order(shownTag)}
              data-testid="fix-now"
            >
              {t('fixNow')}
            </Button>
            <p className={classes.note}>{t('fixNowHint')}</p>
          </div>
        ) : (
          <p className={classes.note}>{t('common:notAllowed', { action: 'drydock:fix:start' })}</p>
        )}
        <dl className={classes.facts}>
          <dt>{t('download')}</dt>
          <dd className="num">{t('downloadOf', { count: download.packages, size: format.bytes(download.bytes) })}</dd>
          <dt>{t('layer')}</dt>
          <dd>
            <span className="num">{t('layerUpTo', { size: format.bytes(layer.bytes) })}</span>
            <span className={classes.small}>{t('basis')}</span>
          </dd>
          <dt>{t('platform')}</dt>
          <dd>
            <bdi>{result.source.platform}</bdi>
          </dd>
          <dt>{t('image')}</dt>
          <dd>
            <Digest value={result.source.digest} />
          </dd>
          <dt>{t('advisories')}</dt>
          <dd>
            <Time at={advisories.createdAt} />
          </dd>
          <dt>{t('planned')}</dt>
          <dd>
            <Time at={plan.finishedAt ?? plan.createdAt} />
          </dd>
        </dl>
        <Button
          variant="subtle"
          size="compact-sm"
          justify="flex-start"
          leftSection={<IconDownload size={15} />}
          onClick={() => saveText(`${plan.id}.json`, JSON.stringify(plan, null, 2), 'application/json')}
        >
          {t('json')}
        </Button>
      </div>
    </Panel>
  );
}
