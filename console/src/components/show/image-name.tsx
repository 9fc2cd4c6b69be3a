import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useImageHead } from '../../api/image-heads.ts';
import { Link } from '../../app/link.tsx';
import classes from './image-name.module.css';

type Named = Pick<Schema<'Image'>, 'repository' | 'tag'>;

/** What people call an image: `team/app:1.2`. */
export function imageText({ repository, tag }: Named): string {
  return tag === null ? repository : `${repository}:${tag}`;
}

interface ImageNameProps {
  readonly image: Named & Pick<Schema<'Image'>, 'reference'>;
  /** Address that the name leads to. */
  readonly to?: string;
}

/** The name of an image; its tag stands apart. */
export function ImageName({ image, to }: ImageNameProps) {
  const { repository, tag, reference } = image;
  const name = (
    <>
      <bdi className={classes.repository}>{repository}</bdi>
      {tag !== null && <bdi className={classes.tag}>{tag}</bdi>}
    </>
  );
  const shared = { className: classes.name ?? '', title: reference };
  return to === undefined ? (
    <span {...shared}>{name}</span>
  ) : (
    <Link to={to} {...shared}>
      {name}
    </Link>
  );
}

/** The name of an image that is known by its uuid only. */
export function ImageNameOf({ uuid }: { readonly uuid: string }) {
  const { t } = useTranslation();
  const { data, isPending } = useImageHead(uuid);
  if (isPending) return <span className={classes.waiting} aria-hidden="true" />;
  return data == null ? <span className={classes.gone}>{t('imageGone')}</span> : <ImageName image={data} />;
}
