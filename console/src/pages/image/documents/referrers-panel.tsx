import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { ErrorState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import { Bytes, Digest } from '../../../components/show/values.tsx';
import classes from './documents.module.css';

/** What the registry keeps beside an image: signatures, bills of materials, attestations. */
export function ReferrersPanel({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/images/{uuid}/referrers', {
    params: { path: { uuid: image.uuid } },
  });
  return (
    <Panel title={t('referrers.title')} flush aside={data?.via == null ? undefined : t(`referrers.via.${data.via}`)}>
      {data === undefined ? (
        error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <div className={classes.loading}>
            <Skeleton height={20} />
          </div>
        )
      ) : (
        <>
          {data.reason !== null && (
            <p className={classes.note}>
              {t('referrers.unknown')} <bdi>{data.reason.message}</bdi>
            </p>
          )}
          {data.reason === null && data.items.length === 0 && <p className={classes.note}>{t('referrers.none')}</p>}
          {data.items.length > 0 && (
            <ul className={classes.documents}>
              {data.items.map(({ digest, artifactType, mediaType, size, annotations }) => (
                <li key={digest} className={classes.document}>
                  <div className={classes.words}>
                    <strong>
                      <bdi>{artifactType ?? mediaType}</bdi>
                    </strong>
                    {annotations.map(({ name, value }) => (
                      <span key={name}>
                        <bdi>{name}</bdi>: <bdi>{value}</bdi>
                      </span>
                    ))}
                  </div>
                  <Bytes value={size} />
                  <Digest value={digest} />
                </li>
              ))}
            </ul>
          )}
          {data.truncated && <p className={classes.note}>{t('referrers.truncated')}</p>}
        </>
      )}
    </Panel>
  );
}
