import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './form-dialog.module.css';
import { FormError } from './form-parts.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
  /** Words of the button that does it. */
  readonly submit: string;
  readonly pending?: boolean;
  /** Nothing to send yet. */
  readonly disabled?: boolean;
  /** What the server said to the last attempt; null or undefined = nothing. */
  readonly error?: unknown;
  /** What is done cannot be taken back. */
  readonly danger?: boolean;
  readonly size?: string;
  readonly children: ReactNode;
}

/** A form in a dialog: Enter sends it, Escape closes it, what the server refuses is said above the buttons. */
export function FormDialog(props: FormDialogProps) {
  const { title, opened, onClose, onSubmit, submit, pending, disabled, error, danger, size = 'md', children } = props;
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (disabled !== true && pending !== true) onSubmit();
        }}
      >
        {children}
        <FormError error={error} boxed />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            type="submit"
            {...(danger ? { color: 'red' } : {})}
            loading={pending ?? false}
            disabled={disabled ?? false}
          >
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
