import { useTranslation } from 'react-i18next';
import { useImageHead } from '../../api/image-heads.ts';
import { Link } from '../../app/link.tsx';
import classes from './image-name.module.css';

/** The name of an image that is known by its uuid only; its tag stands apart. `link` leads to the image. */
export function ImageName({ uuid, link = false }: { readonly uuid: string; readonly link?: boolean }) {
  const { t } = useTranslation('fixes');
  const { data, isPending } = useImageHead(uuid);
  if (isPending) return <span className={classes.waiting} aria-hidden="true" />;
  if (data == null) return <span className={classes.gone}>{t('imageGone')}</span>;
  const name = (
    <>
      <bdi className={classes.repository}>{data.repository}</bdi>
      {data.tag !== null && <bdi className={classes.tag}>{data.tag}</bdi>}
    </>
  );
  return link ? (
    <Link to={`/images/${uuid}`} className={classes.name} title={data.reference}>
      {name}
    </Link>
  ) : (
    <span className={classes.name} title={data.reference}>
      {name}
    </span>
  );
}
