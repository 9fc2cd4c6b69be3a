import { useFormat } from '../../i18n/format.ts';
import classes from './schedules.module.css';

/** Moments that come, in the user's zone. */
export function Moments({ at }: { readonly at: readonly Date[] }) {
  const format = useFormat();
  return (
    <ol className={classes.moments}>
      {at.map((moment) => (
        <li key={moment.getTime()} title={format.utc(moment.getTime())}>
          <time dateTime={moment.toISOString()} className="num">
            {format.dateTime(moment.getTime())}
          </time>
        </li>
      ))}
    </ol>
  );
}
