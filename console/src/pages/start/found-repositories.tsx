import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import classes from './start.module.css';

const shown = 8;
const liveMs = 1000;

interface FoundRepositoriesProps {
  readonly registry: Schema<'Registry'>;
  /** More may still be found. */
  readonly busy: boolean;
  /** Chooses one of them alone. */
  readonly only: (path: string) => void;
}

/** Repositories that a synchronisation has found so far. */
export function FoundRepositories({ registry, busy, only }: FoundRepositoriesProps) {
  const { t } = useTranslation('start');
  const { data } = $api.useQuery(
    'get',
    '/api/v1/repositories',
    { params: { query: { q: `registry.id:${registry.id}`, limit: String(shown) } } },
    { refetchInterval: busy ? liveMs : false },
  );
  const found = data?.items ?? [];
  const total = data?.total ?? 0;
  return (
    <section className={classes.found} aria-label={t('choose.found')}>
      <h3 className={classes.foundTitle}>
        {t('choose.found')}
        <span className="num">{t('choose.repositories', { count: total })}</span>
      </h3>
      {found.length === 0 && <p className={classes.hint}>{t('choose.none')}</p>}
      <ul className={classes.repositories}>
        {found.map(({ id, path, images }) => (
          <li key={id} className={classes.repository}>
            <bdi className={classes.path} title={path}>
              {path}
            </bdi>
            <span className={`num ${classes.hint}`}>{t('choose.images', { count: images })}</span>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={`${t('choose.only')}: ${path}`}
              onClick={() => only(path)}
            >
              {t('choose.only')}
            </Button>
          </li>
        ))}
      </ul>
      {total > found.length && <p className={classes.hint}>{t('choose.more', { count: total - found.length })}</p>}
    </section>
  );
}
