import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './version-step.module.css';

interface VersionStepProps {
  readonly name: string;
  /** null = the package is new. */
  readonly from: string | null;
  /** null = it stays as it is, or goes. */
  readonly to: string | null;
}

/** A package with the versions that it goes from and to. */
export function VersionStep({ name, from, to }: VersionStepProps) {
  const { t } = useTranslation('outcomes');
  return (
    <span className={classes.step}>
      <bdi className={classes.name}>{name}</bdi>
      {from === null ? (
        to !== null && <span className={classes.new}>{t('new')}</span>
      ) : (
        <bdi className={classes.version}>{from}</bdi>
      )}
      {to !== null && (
        <>
          <IconArrowRight size={13} className={classes.arrow} aria-label="→" />
          <bdi className={classes.to}>{to}</bdi>
        </>
      )}
    </span>
  );
}
