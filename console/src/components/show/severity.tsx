import { useTranslation } from 'react-i18next';
import { useKnown } from '../../i18n/known.ts';
import { type SeverityName, severities } from './severities.ts';
import classes from './severity.module.css';
import { ShareBar } from './share-bar.tsx';

export { type SeverityName, severities };

/** Levels of other risks stand on the colours of severities. */
const tones: Readonly<Record<string, SeverityName>> = {
  critical: 'critical',
  serious: 'critical',
  high: 'high',
  suspicious: 'high',
  medium: 'medium',
  remind: 'medium',
  low: 'low',
};

/** The colour that a severity or level is shown in. */
export function toneOf(level: string): SeverityName {
  return tones[level] ?? 'unknown';
}

/** A severity or level in words, on its colour. */
export function SeverityBadge({ level }: { readonly level: string }) {
  const known = useKnown('common');
  return (
    <span className={classes.badge} data-tone={toneOf(level)}>
      {known('severity', level)}
    </span>
  );
}

type Counts = Readonly<Partial<Record<SeverityName, number>>>;

/** Counts by severity side by side; zeros are quiet. */
export function SeverityCounts({ counts }: { readonly counts: Counts }) {
  const { t } = useTranslation();
  return (
    <span className={classes.counts}>
      {severities
        .filter((name) => name !== 'unknown' || (counts.unknown ?? 0) > 0)
        .map((name) => (
          <span
            key={name}
            className={classes.count}
            data-tone={name}
            data-zero={(counts[name] ?? 0) === 0 || undefined}
            title={`${t(`severity.${name}`)}: ${counts[name] ?? 0}`}
          >
            <span className="sr-only">{t(`severity.${name}`)} </span>
            {counts[name] ?? 0}
          </span>
        ))}
    </span>
  );
}

/** Shares by severity as one bar; words for readers of screens come with it. */
export function SeverityBar({ counts }: { readonly counts: Counts }) {
  const { t } = useTranslation();
  const label = severities.map((name) => `${t(`severity.${name}`)} ${counts[name] ?? 0}`).join(', ');
  return <ShareBar label={label} shares={severities.map((name) => ({ name, tone: name, count: counts[name] ?? 0 }))} />;
}
