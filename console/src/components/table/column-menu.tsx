import { ActionIcon, Checkbox, Menu, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Column } from './columns.ts';

interface ColumnMenuProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly shown: ReadonlySet<string>;
  /** Ids of the columns to show; none = the usual ones. */
  readonly onChange: (ids: readonly string[]) => void;
}

/** Chooses the columns of a table. */
export function ColumnMenu<Row>({ columns, shown, onChange }: ColumnMenuProps<Row>) {
  const { t } = useTranslation();
  const toggle = (id: string): void => {
    const next = columns
      .map((column) => column.id)
      .filter((other) => (other === id ? !shown.has(id) : shown.has(other)));
    if (next.length > 0) onChange(next);
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('table.columns')}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('table.columns')}>
            <IconColumns3 size={17} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map(({ id, label }) => (
          <Menu.Item key={id} onClick={() => toggle(id)} role="menuitemcheckbox" aria-checked={shown.has(id)}>
            <Checkbox.Indicator
              checked={shown.has(id)}
              size="xs"
              mr={8}
              style={{ verticalAlign: 'middle' }}
              component="span"
            />
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onChange([])}>{t('table.resetColumns')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
