import { Button, Checkbox, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useUrlState } from '../../app/url-state.ts';
import classes from './facet.module.css';

interface ChoiceFacetProps {
  readonly label: string;
  /** Name in the address: `levels`. */
  readonly name: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Values that the address names: `high,low`. */
export function choicesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

/** Chooses values of a member of the query that is no field of the filter grammar; they are in the address by its name. */
export function ChoiceFacet({ label, name, options }: ChoiceFacetProps) {
  const [text, setText] = useUrlState(name);
  const chosen = choicesOf(text);
  const toggle = (value: string): void => {
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    setText(next.join(','), { push: true });
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button variant={chosen.length > 0 ? 'light' : 'default'} rightSection={<IconChevronDown size={14} />}>
          {label}
          {chosen.length > 0 && <span className={classes.count}>{chosen.length}</span>}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map(({ value, label: words }) => (
          <Menu.Item
            key={value}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(value)}
            onClick={() => toggle(value)}
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
