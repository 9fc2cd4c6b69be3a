import { Button, Table } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './chart.module.css';

interface ChartFrameProps {
  readonly title: string;
  /** The same facts as rows, for who cannot see the chart or wants the numbers. */
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly children: ReactNode;
}

/** A chart with a table behind it. */
export function ChartFrame({ title, table, children }: ChartFrameProps) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  return (
    <div className={classes.frame}>
      {asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={classes.table} aria-label={title} tabIndex={0}>
          <Table aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                {table.head.map((cell) => (
                  <Table.Th key={cell}>{cell}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {table.rows.map((row) => (
                <Table.Tr key={row[0]}>
                  {row.map((cell, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells of a row have no other name
                    <Table.Td key={index} className="num">
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ) : (
        children
      )}
      <Button variant="subtle" size="compact-xs" className={classes.toggle ?? ''} onClick={() => setAsTable(!asTable)}>
        {asTable ? t('chartOf') : t('tableOf')}
      </Button>
    </div>
  );
}
