import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import classes from './filter-bar.module.css';

const pauseMs = 300;

/** Searches by a part of a name, which lives in the address; asks when the typing pauses. */
export function SearchField({ name, label }: { readonly name: string; readonly label: string }) {
  const { t } = useTranslation();
  const [text, setText] = useUrlState(name);
  const [draft, setDraft] = useState(text);
  useEffect(() => setDraft(text), [text]);
  useEffect(() => {
    if (draft.trim() === text) return;
    const timer = setTimeout(() => setText(draft.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [draft, text, setText]);
  return (
    <TextInput
      className={classes.field ?? ''}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      value={draft}
      maxLength={300}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setDraft(event.currentTarget.value)}
      rightSection={
        draft === '' ? undefined : <CloseButton size="sm" aria-label={t('filter.clear')} onClick={() => setDraft('')} />
      }
    />
  );
}
