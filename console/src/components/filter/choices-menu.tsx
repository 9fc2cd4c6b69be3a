import { Button, Checkbox, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Count } from '../show/values.tsx';
import classes from './choices-menu.module.css';

/** A value that can be chosen. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count?: number | undefined;
}

interface ChoicesMenuProps {
  readonly label: string;
  readonly options: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** Only one value at a time: flags. */
  readonly single?: boolean;
}

/** A button that opens a menu of values; it says how many are chosen. */
export function ChoicesMenu({ label, options, chosen, onChange, single = false }: ChoicesMenuProps) {
  const toggle = (value: string): void => {
    const others = chosen.filter((other) => other !== value);
    if (chosen.includes(value)) onChange(single ? [] : others);
    else onChange(single ? [value] : [...others, value]);
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
