import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import classes from './config.module.css';

/** Names with their values: variables of the environment, labels. */
export function ConfigValues({
  values,
  empty,
}: {
  readonly values: readonly Schema<'ConfigValue'>[];
  readonly empty: string;
}) {
  const { t } = useTranslation('image');
  if (values.length === 0) return <p className={classes.empty}>{empty}</p>;
  return (
    <dl className={classes.values}>
      {values.map(({ name, value, masked }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names of variables may repeat
        <div key={`${name} ${index}`} className={classes.value}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <code className={classes.code}>
              <bdi>{value}</bdi>
            </code>
            {masked && (
              <span className={classes.masked}>
                <IconEyeOff size={13} aria-hidden="true" /> {t('config.masked')}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
