import { Skeleton, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { Link } from '../../../app/link.tsx';
import { ErrorState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import { Digest, Time } from '../../../components/show/values.tsx';
import { useKnown } from '../../../i18n/known.ts';
import classes from './lineage.module.css';
import { nameOf } from './lineage-node.tsx';

interface TagHistoryProps {
  readonly image: Schema<'Image'>;
  readonly now: Schema<'Lineage'>['tag'];
}

/** Where the tag of an image has pointed, newest first. */
export function TagHistory({ image, now }: TagHistoryProps) {
  const { t } = useTranslation('image');
  const known = useKnown('image');
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/images/{uuid}/tags', {
    params: { path: { uuid: image.uuid } },
  });
  return (
    <Panel
      title={t('tags.title')}
      flush
      aside={
        now?.moved === true && now.now?.image != null ? (
          <Link to={`/images/${now.now.image.uuid}`}>
            {t('tags.now')} <bdi>{nameOf(now.now.image)}</bdi>
          </Link>
        ) : undefined
      }
    >
      {data === undefined ? (
        error ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <div className={classes.loading}>
            <Skeleton height={60} />
          </div>
        )
      ) : data.items.length === 0 ? (
        <p className={classes.note}>{t('tags.none')}</p>
      ) : (
        <Table aria-label={t('tags.title')} className={classes.table ?? ''}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('tags.tag')}</Table.Th>
              <Table.Th>{t('tags.digest')}</Table.Th>
              <Table.Th>{t('tags.since')}</Table.Th>
              <Table.Th>{t('tags.by')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map(({ tag, digest, at, source: from, actor }) => (
              <Table.Tr key={`${at} ${digest}`}>
                <Table.Td>
                  <bdi>{tag}</bdi>
                </Table.Td>
                <Table.Td>
                  {digest === null ? t('tags.removed') : <Digest value={digest} />}
                  {digest === image.digest && <span className={classes.mark}>{t('lineage.this')}</span>}
                </Table.Td>
                <Table.Td>
                  <Time at={at} exact />
                </Table.Td>
                <Table.Td>
                  {known('tags.source', from)} {actor !== null && <bdi>{actor}</bdi>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}
