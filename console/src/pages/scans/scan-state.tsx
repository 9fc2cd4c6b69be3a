import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { ProgressBar } from '../../components/show/progress.tsx';
import { Status, type StatusTone } from '../../components/show/status.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './scans.module.css';

type Scan = Schema<'Scan'>;

/** How a scan looks in whole: one that ended with failures is no success. */
export function toneOfScan({ state, failed }: Pick<Scan, 'state' | 'failed'>): StatusTone {
  if (state === 'queued' || state === 'running') return 'busy';
  if (state === 'cancelled') return 'quiet';
  return failed > 0 ? 'bad' : 'good';
}

/** State of a scan or synchronisation. */
export function ScanState({ scan }: { readonly scan: Scan }) {
  const { t } = useTranslation('scans');
  return <Status tone={toneOfScan(scan)} label={t(`state.${scan.state}`)} />;
}

/** How far a scan is: a bar and numbers. Synchronisations do not know how much there is. */
export function ScanProgress({ scan }: { readonly scan: Scan }) {
  const { t } = useTranslation('scans');
  const format = useFormat();
  const isSync = scan.kind === 'registry_sync';
  const isOpen = scan.state === 'queued' || scan.state === 'running';
  if (isSync && !isOpen) return <span className={classes.quiet}>–</span>;
  return (
    <span className={classes.progress}>
      <ProgressBar
        label={t('column.progress')}
        done={scan.finished}
        total={isSync ? null : scan.total}
        tone={toneOfScan(scan)}
      />
      {!isSync && (
        <span className={`num ${classes.numbers}`}>
          {format.number(scan.finished)} / {format.number(scan.total)}
        </span>
      )}
    </span>
  );
}

/** How long something took, or takes until now; nothing when it has not begun. */
export function Took({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  const format = useFormat();
  if (from === null) return <span className={classes.quiet}>–</span>;
  const end = to === null ? Date.now() : Date.parse(to);
  return <span className="num">{format.duration(Math.max(0, end - Date.parse(from)))}</span>;
}
