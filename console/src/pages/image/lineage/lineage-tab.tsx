import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { Link } from '../../../app/link.tsx';
import { ErrorState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import classes from './lineage.module.css';
import { LineageGraph } from './lineage-graph.tsx';
import { nameOf } from './lineage-node.tsx';
import { TagHistory } from './tag-history.tsx';

const followMs = 1000;

/** Where an image comes from, what was made from it, and where its tag has pointed. */
export function LineageTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { data, error, refetch } = $api.useQuery(
    'get',
    '/api/v1/images/{uuid}/lineage',
    { params: { path: { uuid: image.uuid } } },
    {
      refetchInterval: ({ state }) =>
        state.data?.fixes.some(({ status }) => status === 'running') === true ? followMs : false,
    },
  );
  return (
    <>
      <Panel title={t('lineage.title')}>
        {data !== undefined ? (
          <LineageGraph image={image} lineage={data} />
        ) : error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <Skeleton height={96} />
        )}
      </Panel>
      <TagHistory image={image} now={data?.tag ?? null} />
      {data !== undefined && data.sameBase.total > 0 && (
        <Panel title={t('lineage.sameBase')} aside={t('lineage.images', { count: data.sameBase.total })} flush>
          <ul className={classes.list}>
            {data.sameBase.items.map((head) => (
              <li key={head.uuid}>
                <Link to={`/images/${head.uuid}`}>
                  <bdi>{nameOf(head)}</bdi>
                </Link>
                <bdi className={classes.quiet}>{head.registry}</bdi>
              </li>
            ))}
          </ul>
          {data.sameBase.total > data.sameBase.items.length && (
            <p className={classes.note}>
              {t('lineage.moreImages', { count: data.sameBase.total - data.sameBase.items.length })}
            </p>
          )}
        </Panel>
      )}
    </>
  );
}
