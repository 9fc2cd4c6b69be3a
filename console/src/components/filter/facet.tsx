import { Button, Checkbox, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useUrlState } from '../../app/url-state.ts';
import { valuesIn, withValues } from '../../filter/terms.ts';
import { Count } from '../show/values.tsx';
import classes from './facet.module.css';

interface FacetProps {
  readonly label: string;
  /** Field of the filter grammar. */
  readonly field: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly count?: number | undefined }[];
  /** Only one value at a time: flags. */
  readonly single?: boolean;
  readonly name?: string;
}

/** Chooses values of one field; writes them into the filter, and shows what the filter says. */
export function Facet({ label, field, options, single = false, name = 'q' }: FacetProps) {
  const [filter, setFilter] = useUrlState(name);
  const chosen = valuesIn(filter, field);
  const toggle = (value: string): void => {
    const on = chosen.includes(value);
    const rest = single ? [] : chosen.filter((other) => other !== value);
    setFilter(withValues(filter, field, on ? rest : [...rest, value]), { push: true });
  };
  return (
    <Menu closeOnItemClick={single} position="bottom-start">
      <Menu.Target>
        <Button variant={chosen.length > 0 ? 'light' : 'default'} rightSection={<IconChevronDown size={14} />}>
          {label}
          {chosen.length > 0 && <span className={classes.count}>{chosen.length}</span>}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map(({ value, label: words, count }) => (
          <Menu.Item
            key={value}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(value)}
            onClick={() => toggle(value)}
            rightSection={count === undefined ? undefined : <Count value={count} />}
          >
            <Checkbox.Indicator
              component="span"
              size="xs"
              mr={8}
              style={{ verticalAlign: 'middle' }}
              checked={chosen.includes(value)}
            />
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
