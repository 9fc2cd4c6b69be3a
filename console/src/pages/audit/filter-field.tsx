import { Autocomplete } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useUrlState } from '../../app/url-state.ts';
import classes from './audit.module.css';

interface FilterFieldProps {
  /** Name of the filter in the address. */
  readonly name: 'user' | 'action' | 'object';
  readonly label: string;
  /** What may be written. */
  readonly hint: string;
  /** What can be chosen instead of written. */
  readonly data: readonly string[];
}

/** One filter of the log: written or chosen, in the address once it is left or confirmed. */
export function FilterField({ name, label, hint, data }: FilterFieldProps) {
  const [value, setValue] = useUrlState(name);
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const apply = (next: string): void => {
    setDraft(next);
    if (next.trim() !== value) setValue(next.trim(), { push: true });
  };
  return (
    <Autocomplete
      className={classes.field ?? ''}
      aria-label={label}
      placeholder={`${label}: ${hint}`}
      data={[...new Set(data)]}
      value={draft}
      maxLength={200}
      clearable
      spellCheck={false}
      onChange={(next) => (next === '' ? apply('') : setDraft(next))}
      onOptionSubmit={apply}
      onBlur={() => apply(draft)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply(event.currentTarget.value);
      }}
    />
  );
}
