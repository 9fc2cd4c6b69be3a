import { Button, Checkbox, CloseButton, Menu, SegmentedControl } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { fixStatuses } from '../../components/fix/fix-status.tsx';
import { ImageNameOf } from '../../components/show/image-name.tsx';
import classes from './fixes.module.css';

/** Times back from now that the list can be narrowed to, in days. */
const spans = { day: 1, week: 7, month: 30 } as const;
const dayMs = 86_400_000;
/** The beginning of a span is rounded to this, so that it does not ask anew each time. */
const roundMs = 60_000;

/** What the address asks of the list of fixes. */
export function useFixFilter() {
  const [status] = useUrlState('status');
  const [time] = useUrlState('time');
  const [image] = useUrlState('image');
  const span = time in spans ? spans[time as keyof typeof spans] : null;
  const from = span === null ? '' : new Date(Math.floor((Date.now() - span * dayMs) / roundMs) * roundMs).toISOString();
  return { status, time, image, from };
}

/** Narrows the list of fixes by status, time and image, and chooses between table and board. */
export function FixFilters({ board }: { readonly board: boolean }) {
  const { t } = useTranslation('fixes');
  const [, setView] = useUrlState('view');
  const [image, setImage] = useUrlState('image');
  return (
    <div className={classes.filters}>
      {!board && <StatusMenu />}
      <TimeMenu />
      {image !== '' && (
        <span className={classes.pill}>
          <ImageNameOf uuid={image} />
          <CloseButton size="xs" aria-label={t('filter.clear')} onClick={() => setImage('', { push: true })} />
        </span>
      )}
      <SegmentedControl
        className={classes.push ?? ''}
        size="xs"
        aria-label={t('view.label')}
        value={board ? 'board' : 'table'}
        onChange={(view) => setView(view === 'board' ? 'board' : '', { push: true })}
        data={[
          { value: 'table', label: t('view.table') },
          { value: 'board', label: t('view.board') },
        ]}
      />
    </div>
  );
}

function StatusMenu() {
  const { t } = useTranslation('fixes');
  const [text, setText] = useUrlState('status');
  const chosen = fixStatuses.filter((status) => text.split(',').includes(status));
  const toggle = (status: (typeof fixStatuses)[number]): void => {
    const next = fixStatuses.filter((one) => (one === status ? !chosen.includes(one) : chosen.includes(one)));
    setText(next.join(','), { push: true });
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {chosen.length === 0 ? t('filter.status') : chosen.map((status) => t(`status.${status}`)).join(', ')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {fixStatuses.map((status) => (
          <Menu.Item
            key={status}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(status)}
            onClick={() => toggle(status)}
            leftSection={<Checkbox.Indicator checked={chosen.includes(status)} size="xs" component="span" />}
          >
            {t(`status.${status}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function TimeMenu() {
  const { t } = useTranslation('fixes');
  const [time, setTime] = useUrlState('time');
  const label = time === 'day' || time === 'week' || time === 'month' ? t(`filter.${time}`) : t('filter.time');
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['any', 'day', 'week', 'month'] as const).map((span) => (
          <Menu.Item
            key={span}
            role="menuitemradio"
            aria-checked={span === (time === '' ? 'any' : time)}
            onClick={() => setTime(span === 'any' ? '' : span, { push: true })}
          >
            {t(`filter.${span}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
