import classes from './progress.module.css';
import type { StatusTone } from './status.tsx';

interface ProgressBarProps {
  /** What progresses, for readers of screens. */
  readonly label: string;
  readonly done: number;
  /** Null: nobody knows yet how much there is. */
  readonly total: number | null;
  readonly tone?: StatusTone;
}

/** How far something is, as a bar; it moves by itself while the end is not known. */
export function ProgressBar({ label, done, total, tone = 'busy' }: ProgressBarProps) {
  const share = total === null ? null : total === 0 ? 1 : Math.min(1, done / total);
  return (
    <span
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={share === null ? undefined : done}
      data-tone={tone}
      data-open={share === null || undefined}
    >
      <span className={classes.fill} style={share === null ? undefined : { width: `${share * 100}%` }} />
    </span>
  );
}
