import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { SeverityBadge, severities } from '../../components/show/severity.tsx';
import { Count } from '../../components/show/values.tsx';
import classes from './difference.module.css';

type Totals = Schema<'SeverityTotals'>;

/** Findings by severity before and after, each as a pair of bars over its numbers. */
export function DifferenceCounts({ before, after }: { readonly before: Totals; readonly after: Totals | null }) {
  const { t } = useTranslation('fixes');
  const most = Math.max(1, ...severities.map((name) => Math.max(before[name], after?.[name] ?? 0)));
  return (
    <table className={classes.counts}>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr-only">{t('one.diff.severity')}</span>
          </th>
          <th scope="col">{t('one.before')}</th>
          <th scope="col">{t('one.after')}</th>
          <th scope="col">{t('one.diff.change')}</th>
          <th scope="col">
            <span className="sr-only">{t('one.diff.severity')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {severities.map((name) => (
          <tr key={name}>
            <th scope="row">
              <SeverityBadge level={name} />
            </th>
            <td>
              <Count value={before[name]} />
            </td>
            <td>{after === null ? '–' : <Count value={after[name]} />}</td>
            <td>{after === null ? '' : <Change by={after[name] - before[name]} />}</td>
            <td>
              <span className={classes.bars} aria-hidden="true">
                <span className={classes.bar} data-tone={name} style={{ width: `${(before[name] / most) * 100}%` }} />
                {after !== null && (
                  <span
                    className={classes.bar}
                    data-tone={name}
                    data-after
                    style={{ width: `${(after[name] / most) * 100}%` }}
                  />
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('one.diff.total')}</th>
          <td>
            <Count value={before.total} />
          </td>
          <td>{after === null ? '–' : <Count value={after.total} />}</td>
          <td>{after === null ? '' : <Change by={after.total - before.total} />}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

function Change({ by }: { readonly by: number }) {
  if (by === 0) return <Count value={0} />;
  return (
    <span className={classes.change} data-better={by < 0 || undefined}>
      {by < 0 ? '−' : '+'}
      <Count value={Math.abs(by)} />
    </span>
  );
}
