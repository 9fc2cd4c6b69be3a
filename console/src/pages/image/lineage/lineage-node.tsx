import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Link } from '../../../app/link.tsx';
import { Status, type StatusTone } from '../../../components/show/status.tsx';
import { Digest, Time } from '../../../components/show/values.tsx';
import classes from './lineage.module.css';

type Head = Schema<'ImageHead'>;

/** Repository and tag of an image, or its digest where it has no tag. */
export function nameOf({ repository, tag, digest }: Head): string {
  return tag === null ? `${repository}@${digest.slice(0, 19)}…` : `${repository}:${tag}`;
}

/** An image of the inventory in short. */
export function headOf({ uuid, registry, repository, tag, digest, until }: Schema<'Image'>): Head {
  return { uuid, registry: registry.name, repository, tag, digest, current: until === null };
}

/** An image in the graph. */
export function LineageNode({
  head,
  note,
  own = false,
}: {
  readonly head: Head;
  readonly note?: ReactNode;
  /** The image whose page this is. */
  readonly own?: boolean;
}) {
  const { t } = useTranslation('image');
  return (
    <div className={classes.node} data-own={own || undefined}>
      <strong>{own ? <bdi>{nameOf(head)}</bdi> : <Link to={`/images/${head.uuid}`}>{nameOf(head)}</Link>}</strong>
      <Digest value={head.digest} />
      {!head.current && <span className={classes.quiet}>{t('lineage.notCurrent')}</span>}
      {note !== undefined && <span className={classes.quiet}>{note}</span>}
    </div>
  );
}

const tones: Readonly<Record<Schema<'LineageFix'>['status'], StatusTone>> = {
  running: 'busy',
  success: 'good',
  partial: 'warn',
  failed: 'bad',
  cancelled: 'quiet',
};

/** A fix in the graph, with the image that it made. */
export function FixNode({ fix }: { readonly fix: Schema<'LineageFix'> }) {
  const { t } = useTranslation('image');
  const { id, status, newTag, newImage, createdAt, finishedAt } = fix;
  return (
    <div className={classes.node}>
      <span className={classes.line}>
        <Status tone={tones[status]} label={t(`lineage.status.${status}`)} />
        <Link to={`/fixes/${id}`}>{t('lineage.fix')}</Link>
      </span>
      {newImage === null ? (
        <bdi className={classes.quiet}>{newTag}</bdi>
      ) : (
        <>
          <strong>
            <Link to={`/images/${newImage.uuid}`}>{nameOf(newImage)}</Link>
          </strong>
          <Digest value={newImage.digest} />
        </>
      )}
      <span className={classes.quiet}>
        <Time at={finishedAt ?? createdAt} />
      </span>
    </div>
  );
}
