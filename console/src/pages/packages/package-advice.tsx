import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { Panel } from '../../components/page/page.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './packages.module.css';

interface PackageAdviceProps {
  readonly name: string;
  /** Empty = all versions. */
  readonly version: string;
}

/** Versions that are told of; each has its best upgrade and the first step on the way. */
const shown = 5;

/** What upgrading a package would end; nothing where no fix was published. */
export function PackageAdvice({ name, version }: PackageAdviceProps) {
  const { t } = useTranslation('packages');
  const format = useFormat();
  const { data, error } = $api.useQuery('get', '/api/v1/packages/advice', {
    params: { query: { name, ...(version === '' ? {} : { version }) } },
  });
  // A server that does not know the route gives no advice.
  if (error instanceof ApiError || data === undefined) return null;
  const advised = data.items.filter(({ upgrades }) => upgrades.length > 0);
  if (advised.length === 0) return null;
  return (
    <Panel title={t('advice.title')}>
      <ul className={classes.advice}>
        {advised.slice(0, shown).map(({ purl, version: from, images, findings, upgrades }) => {
          const best = upgrades.at(-1);
          const first = upgrades.length > 1 ? upgrades[0] : undefined;
          if (best === undefined) return null;
          return (
            <li key={purl}>
              <p className={classes.step}>
                <bdi className={classes.from}>{from}</bdi>
                <span aria-hidden="true">→</span>
                <bdi className={classes.to}>{best.to}</bdi>
                <span>
                  {t('advice.both', {
                    removes: t('advice.removes', { count: best.removes, all: format.number(findings) }),
                    images: t('advice.images', { count: images }),
                  })}
                </span>
              </p>
              {first !== undefined && first.removes > 0 && (
                <p className={classes.less}>{t('advice.first', { count: first.removes, to: first.to })}</p>
              )}
            </li>
          );
        })}
      </ul>
      {advised.length > shown && <p className={classes.less}>{t('advice.more', { count: advised.length - shown })}</p>}
    </Panel>
  );
}
