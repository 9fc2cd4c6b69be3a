import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Time } from '../show/values.tsx';
import classes from './detail-drawer.module.css';

interface DetailDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
}

/** Everything that is known of one row, beside its list. */
export function DetailDrawer({ opened, onClose, title, children }: DetailDrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      size={620}
      title={title}
      classNames={{ title: classes.heading ?? '', body: classes.body ?? '' }}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      {children}
    </Drawer>
  );
}

/** How bad it is and how it stands, in one line. */
export function DetailBadges({ children }: { readonly children: ReactNode }) {
  return <div className={classes.badges}>{children}</div>;
}

/** A part of the details with its title. */
export function DetailSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface DecisionNoteProps {
  readonly reason: string;
  /** Who decided, in words. */
  readonly by: string;
  /** Words in front of the end. */
  readonly until: string;
  readonly end: string | null;
}

/** What was decided: why, by whom, until when. */
export function DecisionNote({ reason, by, until, end }: DecisionNoteProps) {
  return (
    <div className={classes.decision}>
      <p>
        <bdi>{reason}</bdi>
      </p>
      <span>
        {by}{' '}
        {end !== null && (
          <>
            {until} <Time at={end} exact />
          </>
        )}
      </span>
    </div>
  );
}

/** What can be done about it; stays in sight. */
export function DetailActions({ children }: { readonly children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>;
}
