import { useKnown } from '../../i18n/known.ts';
import classes from './status.module.css';

/** How a state looks: done well, at work, to be looked at, wrong, or nothing of these. */
export type StatusTone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

/** A state as a dot and words. */
export function Status({
  tone,
  label,
  title,
}: {
  readonly tone: StatusTone;
  readonly label: string;
  readonly title?: string;
}) {
  return (
    <span className={classes.status} data-tone={tone} title={title}>
      <span className={classes.dot} aria-hidden="true" />
      {label}
    </span>
  );
}

/** States of the scan of an image that was asked for. */
export const scanStates = [
  'queued',
  'pulling',
  'analysing',
  'matched',
  'partial',
  'unsupported',
  'too_large',
  'failed',
  'cancelled',
] as const;

const scanTones: Readonly<Record<string, StatusTone>> = {
  matched: 'good',
  queued: 'busy',
  pulling: 'busy',
  analysing: 'busy',
  partial: 'warn',
  unsupported: 'warn',
  too_large: 'warn',
  failed: 'bad',
};

/** How the state of a scan of an image looks. */
export function scanTone(state: string): StatusTone {
  return scanTones[state] ?? 'quiet';
}

/** How far the scan of an image came, with the reason when it went wrong. */
export function ScanStatus({
  scan,
}: {
  readonly scan: { readonly state: string; readonly reason: { readonly message: string } | null };
}) {
  const known = useKnown('common');
  const label = known('scanState', scan.state);
  return <Status tone={scanTone(scan.state)} label={label} {...(scan.reason ? { title: scan.reason.message } : {})} />;
}
