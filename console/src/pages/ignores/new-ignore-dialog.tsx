import { Button, Modal, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormButtons } from '../../components/feedback/form-parts.tsx';
import { IgnoreDialog } from '../../components/ignore/ignore-dialog.tsx';
import classes from './ignores.module.css';

interface NewIgnoreDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
}

/** Asks which vulnerabilities, then where, why and until when. */
export function NewIgnoreDialog({ opened, close }: NewIgnoreDialogProps) {
  const { t } = useTranslation(['ignores', 'common']);
  const [ids, setIds] = useState<readonly string[]>([]);
  const [named, setNamed] = useState(false);
  const end = (): void => {
    setNamed(false);
    setIds([]);
    close();
  };
  return (
    <>
      <Modal
        opened={opened && !named}
        onClose={end}
        size={480}
        title={t('addIgnore')}
        closeButtonProps={{ 'aria-label': t('common:close') }}
      >
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            setNamed(true);
          }}
        >
          <TagsInput
            label={t('ids')}
            description={t('idsHint')}
            placeholder={ids.length === 0 ? 'CVE-2024-3094' : ''}
            value={[...ids]}
            onChange={setIds}
            splitChars={[',', ' ', '\n']}
            acceptValueOnBlur
            data-autofocus
          />
          <FormButtons>
            <Button variant="default" onClick={end}>
              {t('common:cancel')}
            </Button>
            <Button type="submit">{t('common:next')}</Button>
          </FormButtons>
        </form>
      </Modal>
      <IgnoreDialog opened={opened && named} close={end} vulnerabilities={ids} />
    </>
  );
}
