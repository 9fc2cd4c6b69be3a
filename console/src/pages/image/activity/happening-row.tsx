import { IconGavel, IconRadar2, IconTag, IconTool } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '../../../app/link.tsx';
import { Digest, Time } from '../../../components/show/values.tsx';
import { useKnown } from '../../../i18n/known.ts';
import classes from './activity.module.css';
import type { Happening } from './timeline.ts';

const icons = { scan: IconRadar2, fix: IconTool, tag: IconTag, decision: IconGavel } as const;

/** One entry of the timeline. */
export function HappeningRow({ happening }: { readonly happening: Happening }) {
  const Icon = icons[happening.kind];
  return (
    <li className={classes.happening}>
      <span className={classes.icon} data-tone={toneOf(happening)}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div className={classes.words}>
        <Words happening={happening} />
      </div>
      <span className={classes.time}>
        <Time at={happening.at} />
      </span>
    </li>
  );
}

function toneOf(happening: Happening): 'good' | 'bad' | undefined {
  if (happening.kind === 'fix' && happening.end) {
    return happening.fix.status === 'success' ? 'good' : happening.fix.status === 'failed' ? 'bad' : undefined;
  }
  return happening.kind === 'scan' && happening.state === 'failed' ? 'bad' : undefined;
}

function Words({ happening }: { readonly happening: Happening }): ReactNode {
  const { t } = useTranslation('image');
  const known = useKnown('common');
  switch (happening.kind) {
    case 'scan':
      return (
        <>
          <strong>{t('activity.scan', { state: known('scanState', happening.state) })}</strong>
          {happening.reason !== null && <bdi>{happening.reason}</bdi>}
        </>
      );
    case 'fix': {
      const { id, status, requested, newTag, reason } = happening.fix;
      return (
        <>
          <strong>
            <Link to={`/fixes/${id}`}>
              {happening.end ? t(`activity.fix.${status}`) : t('activity.fixOrdered', { count: requested.length })}
            </Link>
          </strong>
          <bdi>{happening.end && reason !== null ? reason.message : newTag}</bdi>
        </>
      );
    }
    case 'tag':
      return (
        <>
          <strong>
            {happening.digest === null
              ? t('activity.tagRemoved', { tag: happening.tag })
              : t('activity.tagMoved', { tag: happening.tag })}
          </strong>
          {happening.digest !== null && <Digest value={happening.digest} />}
          {happening.actor !== null && <bdi>{happening.actor}</bdi>}
        </>
      );
    default: {
      const { decision, change, by } = happening.change;
      const about = decision.vulnerabilities.slice(0, 5).join(', ');
      return (
        <>
          <strong>
            {t(`activity.decision.${change}`, { by })}: <bdi>{about === '' ? t('activity.everything') : about}</bdi>
          </strong>
          <bdi>{decision.reason}</bdi>
        </>
      );
    }
  }
}
