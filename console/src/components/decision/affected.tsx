import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useFormat } from '../../i18n/format.ts';
import { orderAgain } from './again.ts';
import classes from './decision.module.css';

/** What one preview takes at most (docs/api/native.md). */
const mostIds = 5000;

/** How many findings a decision covers today, handled or not. */
export function Affected({
  decision,
  long = false,
}: {
  readonly decision: Schema<'Decision'>;
  readonly long?: boolean;
}) {
  const { t } = useTranslation('ignores');
  const format = useFormat();
  const right = useSession().me.rights['drydock:decision:read'];
  // Who sees some projects only is told what a decision for all covers in the own one; of several there is no sum.
  const own =
    right === 'all' || decision.projectId !== null ? decision.projectId : right?.length === 1 ? right[0] : undefined;
  const { expiresAt: _end, ...order } = orderAgain(decision);
  const { data, isFetching } = $api.useQuery(
    'post',
    '/api/v1/decisions/preview',
    { body: { ...order, projectId: own ?? null } },
    { staleTime: 60_000, enabled: own !== undefined && decision.vulnerabilities.length <= mostIds },
  );
  if (data === undefined) return <span className={classes.quiet}>{isFetching ? '…' : '–'}</span>;
  const words = t('affected.both', {
    findings: t('affected.findings', { count: data.findings }),
    images: t('affected.images', { count: data.images }),
  });
  if (long && data.findings > 0) return words;
  return (
    <span className={`num ${data.findings === 0 ? classes.quiet : ''}`} title={words}>
      {format.number(data.findings)}
    </span>
  );
}
