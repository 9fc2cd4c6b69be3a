import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { Panel } from '../../components/page/page.tsx';
import { ProgressBar } from '../../components/show/progress.tsx';
import { useScanName } from '../../components/show/use-scan-name.ts';
import { useFormat } from '../../i18n/format.ts';
import { latestExports, runningFixes, runningScans } from './questions.ts';
import classes from './running.module.css';

const shown = 4;
const liveMs = 1000;
const idleMs = 10_000;
const often = (busy: boolean): number => (busy ? liveMs : idleMs);

interface Work {
  readonly id: string;
  readonly kind: 'fix' | 'scan' | 'sync' | 'export';
  readonly to: string;
  readonly name: string;
  readonly done: number;
  readonly total: number | null;
}

/** Everything under way that this user may see. */
function useWork(): readonly Work[] {
  const { may } = useSession();
  const nameOf = useScanName();
  const fixes = useQuery({
    ...runningFixes,
    enabled: may('drydock:fix:read'),
    refetchInterval: ({ state }) => often((state.data?.total ?? 0) > 0),
  });
  const scans = useQuery({
    ...runningScans,
    enabled: may('drydock:scan:read'),
    refetchInterval: ({ state }) => often((state.data?.total ?? 0) > 0),
  });
  const exports = useQuery({
    ...latestExports,
    enabled: may('drydock:export:read'),
    refetchInterval: ({ state }) => often(state.data?.items.some(isOpen) ?? false),
  });
  return [
    ...(fixes.data?.items ?? []).map(
      ({ id, title, newTag }): Work => ({
        id,
        kind: 'fix',
        to: `/fixes/${id}`,
        name: title || newTag,
        done: 0,
        total: null,
      }),
    ),
    ...(exports.data?.items ?? []).filter(isOpen).map(
      ({ id, fileName, rowsDone, rowsTotal }): Work => ({
        id,
        kind: 'export',
        to: '/exports',
        name: fileName,
        done: rowsDone,
        total: rowsTotal,
      }),
    ),
    ...(scans.data?.items ?? []).map(
      (scan): Work => ({
        id: scan.id,
        kind: scan.kind === 'image_scan' ? 'scan' : 'sync',
        to: `/scans/${scan.id}`,
        name: nameOf(scan),
        done: scan.finished,
        total: scan.kind === 'image_scan' ? scan.total : null,
      }),
    ),
  ];
}

function isOpen({ state }: { readonly state: string }): boolean {
  return state === 'queued' || state === 'running';
}

/** Fixes, exports and scans under way, with how far they are. */
export function RunningPanel() {
  const { t } = useTranslation('overview');
  const work = useWork();
  const rest = work.length - shown;
  const body: ReactNode =
    work.length === 0 ? (
      <p className={classes.none}>{t('running.none')}</p>
    ) : (
      <ul className={classes.list}>
        {work.slice(0, shown).map((one) => (
          <li key={one.id}>
            <WorkRow work={one} />
          </li>
        ))}
        {rest > 0 && <li className={classes.none}>{t('running.more', { count: rest })}</li>}
      </ul>
    );
  return <Panel title={t('running.title')}>{body}</Panel>;
}

function WorkRow({ work: { kind, name, to, done, total } }: { readonly work: Work }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const label = t(`running.${kind}`);
  return (
    <Link to={to} className={classes.work}>
      <span className={classes.line}>
        <span className={classes.kind}>{label}</span>
        <bdi className={classes.name} title={name}>
          {name}
        </bdi>
        {total !== null && (
          <span className={`num ${classes.count}`}>
            {format.number(done)} / {format.number(total)}
          </span>
        )}
      </span>
      <ProgressBar label={`${label} ${name}`} done={done} total={total} />
    </Link>
  );
}
