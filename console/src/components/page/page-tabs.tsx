import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Search, useUrlState } from '../../app/url-state.ts';
import classes from './page.module.css';

/** A tab of a page, with the number of what is in it. */
export interface PageTab {
  readonly id: string;
  readonly label: string;
  readonly count?: number | undefined;
}

/** Tabs of a page; the chosen one is in the address (`?tab=`). Only its content exists. */
export function PageTabs({
  tabs,
  keep,
  children,
}: {
  readonly tabs: readonly PageTab[];
  /** Names of the state in the address that tabs share: the rest goes with its tab. All stays unless given. */
  readonly keep?: readonly string[];
  readonly children: (tab: string) => ReactNode;
}) {
  const { t } = useTranslation();
  const first = tabs[0]?.id ?? '';
  const [asked, setTab] = useUrlState('tab', first);
  const tab = tabs.some(({ id }) => id === asked) ? asked : first;
  const navigate = useNavigate();
  const change = (next: string): void => {
    if (keep === undefined) {
      setTab(next, { push: true });
      return;
    }
    navigate({
      to: '.',
      search: ((old: Search) => ({
        ...Object.fromEntries(keep.map((name) => [name, old[name]])),
        tab: next === first ? undefined : next,
      })) as never,
      resetScroll: false,
    });
  };
  return (
    <Tabs
      value={tab}
      onChange={(next) => change(next ?? first)}
      keepMounted={false}
      classNames={{ root: classes.tabs ?? '', tab: classes.tab ?? '', panel: classes.tabPanel ?? '' }}
    >
      <Tabs.List aria-label={t('details')}>
        {tabs.map(({ id, label, count }) => (
          <Tabs.Tab
            key={id}
            value={id}
            rightSection={count === undefined ? undefined : <span className={classes.tabCount}>{count}</span>}
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={tab} tabIndex={-1}>
        {children(tab)}
      </Tabs.Panel>
    </Tabs>
  );
}
