import type { SeverityName } from './severities.ts';
import classes from './share-bar.module.css';
import type { StatusTone } from './status.tsx';

/** A part of the whole. */
export interface Share {
  readonly name: string;
  readonly tone: SeverityName | StatusTone;
  readonly count: number;
}

/** Shares of a whole as one bar; `label` says them to readers of screens. */
export function ShareBar({ label, shares }: { readonly label: string; readonly shares: readonly Share[] }) {
  return (
    <div className={classes.bar} role="img" aria-label={label}>
      {shares
        .filter(({ count }) => count > 0)
        .map(({ name, tone, count }) => (
          <span key={name} className={classes.part} data-tone={tone} style={{ flexGrow: count }} />
        ))}
    </div>
  );
}
