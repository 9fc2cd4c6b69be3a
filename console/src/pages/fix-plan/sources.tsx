import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Panel } from '../../components/page/page.tsx';
import { Count, Time } from '../../components/show/values.tsx';
import classes from './sources.module.css';

/** Which package indexes the plan was solved against, and how old they are. */
export function Mirrors({ result: { mirrors } }: { readonly result: Schema<'FixPlanResult'> }) {
  const { t } = useTranslation('plan');
  if (mirrors.length === 0) return null;
  return (
    <Panel title={t('mirrors')}>
      <ul className={classes.list}>
        {mirrors.map(({ archive, url, suites }) => (
          <li key={archive} className={classes.mirror}>
            <bdi className={classes.name}>{archive}</bdi>
            <bdi className={classes.url}>{url ?? t('mirrorDefault')}</bdi>
            {suites.map(({ suite, date }) => (
              <span key={suite} className={classes.suite}>
                <bdi>{suite}</bdi>
                <Time at={date} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What the planner noticed besides. */
export function Warnings({ result: { warnings } }: { readonly result: Schema<'FixPlanResult'> }) {
  const { t } = useTranslation('plan');
  if (warnings.length === 0) return null;
  return (
    <Panel title={t('warnings')} aside={<Count value={warnings.length} />}>
      <ul className={classes.list}>
        {warnings.map(({ code, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same remark may stand twice
          <li key={index} className={classes.warning}>
            <code>{code}</code>
            <bdi>{message}</bdi>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
