import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Panel } from '../../components/page/page.tsx';
import { ShareBar } from '../../components/show/share-bar.tsx';
import { ScanStatus, scanTone } from '../../components/show/status.tsx';
import { Count } from '../../components/show/values.tsx';
import { useKnown } from '../../i18n/known.ts';
import classes from './health.module.css';
import { worklist } from './questions.ts';
import { Skeleton } from './skeleton.tsx';

type Health = Schema<'Worklist'>['scanHealth'];
const shownReasons = 5;

/** Images by state of their scan, and why scans went no further. */
export function HealthPanel() {
  const { t } = useTranslation('overview');
  const { data } = useQuery(worklist);
  const health = data?.scanHealth;
  return (
    <Panel
      title={t('health.title')}
      aside={
        health === undefined ? undefined : <span className="num">{t('health.images', { count: health.images })}</span>
      }
    >
      {health === undefined ? <Skeleton height="9rem" /> : <Body health={health} />}
    </Panel>
  );
}

function Body({ health: { states, reasons } }: { readonly health: Health }) {
  const { t } = useTranslation('overview');
  const known = useKnown('common');
  const words = states.map(({ state, images }) => `${known('scanState', state)} ${images}`).join(', ');
  return (
    <div className={classes.body}>
      <ShareBar
        label={`${t('health.bar')}: ${words}`}
        shares={states.map(({ state, images }) => ({ name: state, tone: scanTone(state), count: images }))}
      />
      <ul className={classes.states}>
        {states.map(({ state, images, filter }) => (
          <li key={state}>
            <Link to="/images" search={{ q: filter }} className={classes.state}>
              <ScanStatus scan={{ state, reason: null }} />
              <Count value={images} />
            </Link>
          </li>
        ))}
      </ul>
      {reasons.length > 0 && (
        <section aria-label={t('health.reasons')}>
          <h3 className={classes.why}>{t('health.reasons')}</h3>
          <ul className={classes.states}>
            {reasons.slice(0, shownReasons).map(({ state, code, message, images }) => (
              <li key={`${state}:${code}`} className={classes.reason}>
                <bdi className={classes.message} title={message}>
                  {message === '' ? code : message}
                </bdi>
                <Count value={images} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
