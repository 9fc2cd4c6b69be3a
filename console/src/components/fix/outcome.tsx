import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockPause,
  IconCloudOff,
  IconFileUnknown,
  IconHourglassOff,
  IconLock,
  IconPackageOff,
  IconShieldCheck,
  IconTerminal2,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import classes from './outcome.module.css';

/** What becomes of a vulnerability; `pending` as long as the fix is at work. */
export type OutcomeName = Schema<'FixOutcomeName'> | 'pending';

/** How an outcome looks. */
export type OutcomeTone = 'good' | 'calm' | 'warn' | 'bad';

type Icon = ComponentType<{ readonly size?: number; readonly stroke?: number }>;

const looks: Readonly<Record<OutcomeName, readonly [tone: OutcomeTone, icon: Icon]>> = {
  still_present: ['bad', IconCircleX],
  invalid_metadata: ['warn', IconFileUnknown],
  unsupported: ['warn', IconBan],
  end_of_life: ['warn', IconHourglassOff],
  no_fix_published: ['warn', IconClockPause],
  fix_not_in_repository: ['warn', IconPackageOff],
  held: ['warn', IconLock],
  conflict: ['warn', IconAlertTriangle],
  download_failed: ['warn', IconCloudOff],
  needs_script: ['warn', IconTerminal2],
  cancelled: ['calm', IconCircleDashed],
  pending: ['calm', IconCircleDashed],
  fixed: ['good', IconCircleCheck],
  not_affected: ['calm', IconShieldCheck],
};

/** Outcomes in the order they are shown: what was achieved, then what needs somebody, then the rest. */
export const outcomeOrder: readonly OutcomeName[] = [
  'pending',
  'fixed',
  'still_present',
  'needs_script',
  'conflict',
  'held',
  'fix_not_in_repository',
  'download_failed',
  'end_of_life',
  'no_fix_published',
  'unsupported',
  'invalid_metadata',
  'cancelled',
  'not_affected',
];

/** The sign of an outcome, in its colour. */
export function OutcomeIcon({ outcome, size = 18 }: { readonly outcome: OutcomeName; readonly size?: number }) {
  const [tone, Sign] = looks[outcome];
  return (
    <span className={classes.icon} data-tone={tone} aria-hidden="true">
      <Sign size={size} stroke={1.8} />
    </span>
  );
}

/** An outcome in words; before the fix, `fixed` says what will be. */
export function useOutcomeLabel(planned = false): (outcome: OutcomeName) => string {
  const { t } = useTranslation('outcomes');
  return (outcome) => {
    if (outcome === 'pending') return t('pending');
    return planned && outcome === 'fixed' ? t('willFix') : t(`label.${outcome}`);
  };
}

/** Codes of which the server says no more than we do. */
const plain: ReadonlySet<string> = new Set(['nothing_applicable', 'nothing_to_do', 'cancelled', 'timeout']);

/** Why something ended as it did: in words of the user's language where the code is known, with what the server says. */
export function useReasonText(): (reason: { readonly code: string; readonly message: string | null }) => {
  readonly text: string;
  readonly detail: string | null;
} {
  const { t, i18n } = useTranslation('outcomes');
  return ({ code, message }) =>
    i18n.exists(`outcomes:reason.${code}`)
      ? { text: t(`reason.${code as 'internal'}`), detail: plain.has(code) ? null : message }
      : { text: message ?? code, detail: null };
}
