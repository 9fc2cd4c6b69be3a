import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { useSlashFocus } from './use-slash-focus.ts';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder?: string;
  /** Name in the address. */
  readonly name: string;
  readonly className?: string;
}

const settleMs = 300;

/** A text that a list is searched for, where the route has no filter grammar; it lives in the address. `/` goes here. */
export function SearchField({ label, placeholder, name, className }: SearchFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useUrlState(name);
  const [draft, setDraft] = useState(text);
  const field = useRef<HTMLInputElement>(null);
  useSlashFocus(field);
  const settle = useDebouncedCallback((value: string) => setText(value.trim()), settleMs);
  useEffect(() => {
    // What is being typed is not taken away by the address that follows it.
    if (document.activeElement !== field.current) setDraft(text);
  }, [text]);
  const clear = (): void => {
    setDraft('');
    setText('');
    field.current?.focus();
  };
  return (
    <TextInput
      ref={field}
      role="searchbox"
      className={className ?? ''}
      aria-label={label}
      placeholder={placeholder ?? label}
      leftSection={<IconSearch size={16} />}
      value={draft}
      maxLength={300}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') setText(draft.trim());
        if (event.key === 'Escape') field.current?.blur();
      }}
      rightSection={draft === '' ? undefined : <CloseButton size="sm" aria-label={t('filter.clear')} onClick={clear} />}
    />
  );
}
