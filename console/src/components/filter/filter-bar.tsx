import { ActionIcon, CloseButton, TextInput, Tooltip } from '@mantine/core';
import { IconFilter, IconHelpCircle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/errors.ts';
import { useUrlState } from '../../app/url-state.ts';
import { termsOf, withoutTerm } from '../../filter/terms.ts';
import classes from './filter-bar.module.css';
import { useSlashFocus } from './use-slash-focus.ts';

interface FilterBarProps {
  /** Name of the filter in the address; `q` unless given. */
  readonly name?: string;
  /** What the list answered; a mistake of the filter is shown at the filter. */
  readonly error?: unknown;
  /** Facets: ways to choose values instead of writing them. */
  readonly children?: ReactNode;
}

/** A filter as text and as pills that mirror each other; both live in the address. `/` goes here. */
export function FilterBar({ name = 'q', error, children }: FilterBarProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useUrlState(name);
  const [draft, setDraft] = useState(filter);
  const field = useRef<HTMLInputElement>(null);
  useSlashFocus(field);
  useEffect(() => setDraft(filter), [filter]);
  const mistake = error instanceof ApiError && error.code.startsWith('filter_') ? error : null;
  const terms = termsOf(filter);
  return (
    <div className={classes.bar}>
      <form
        role="search"
        className={classes.line}
        onSubmit={(event) => {
          event.preventDefault();
          setFilter(draft.trim(), { push: true });
        }}
      >
        <TextInput
          ref={field}
          className={classes.field ?? ''}
          aria-label={t('filter.label')}
          placeholder={t('filter.placeholder')}
          leftSection={<IconFilter size={16} />}
          value={draft}
          maxLength={10_000}
          spellCheck={false}
          autoComplete="off"
          error={
            mistake === null
              ? undefined
              : t('filter.mistake', { detail: [mistake.message, mistake.hint].filter(Boolean).join(' ') })
          }
          onChange={(event) => setDraft(event.currentTarget.value)}
          onBlur={() => draft.trim() !== filter && setFilter(draft.trim(), { push: true })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              setDraft(filter);
              field.current?.blur();
            }
          }}
          rightSection={
            filter === '' ? (
              <Tooltip label={t('filter.help')}>
                <ActionIcon variant="transparent" color="gray" size="sm" aria-label={t('filter.help')}>
                  <IconHelpCircle size={16} />
                </ActionIcon>
              </Tooltip>
            ) : (
              <CloseButton size="sm" aria-label={t('filter.clear')} onClick={() => setFilter('', { push: true })} />
            )
          }
        />
        {children}
      </form>
      {terms.length > 0 && (
        <ul className={classes.pills}>
          {terms.map((term) => (
            <li key={`${term.start}:${term.text}`} className={classes.pill}>
              <bdi className={classes.pillText}>{term.text}</bdi>
              <CloseButton
                size="xs"
                aria-label={t('filter.removePart', { part: term.text })}
                onClick={() => setFilter(withoutTerm(filter, term), { push: true })}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
