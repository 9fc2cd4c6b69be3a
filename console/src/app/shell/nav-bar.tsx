import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { type ComponentProps, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Link } from '../link.tsx';
import { navigation } from '../navigation.ts';
import classes from './shell.module.css';

const stored = 'drydock-nav';

/** The main navigation; what one may not open is absent. */
export function NavBar() {
  const { t } = useTranslation('shell');
  const { may } = useSession();
  const [narrow, setNarrow] = useState(localStorage.getItem(stored) === 'narrow');
  const toggle = (): void => {
    localStorage.setItem(stored, narrow ? 'wide' : 'narrow');
    setNarrow(!narrow);
  };
  const groups = navigation
    .map(({ label, entries }) => ({ label, entries: entries.filter(({ needs }) => needs === undefined || may(needs)) }))
    .filter(({ entries }) => entries.length > 0);
  const Fold = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <nav className={classes.nav} aria-label={t('nav.label')} data-narrow={narrow || undefined}>
      <Link to="/" className={classes.brand}>
        <img src="/favicon.svg" alt="" />
        {narrow ? <span className="sr-only">{t('product')}</span> : <span>{t('product')}</span>}
      </Link>
      {groups.map(({ label, entries }) => (
        <div key={label} className={classes.group}>
          {!narrow && <div className={classes.groupLabel}>{t(`nav.${label}`)}</div>}
          <ul className={classes.entries}>
            {entries.map(({ to, label: name, icon: Icon }) => (
              <li key={to}>
                {narrow ? (
                  <Tooltip label={t(`nav.${name}`)} position="right">
                    <Entry to={to}>
                      <Icon size={18} stroke={1.7} />
                      <span className="sr-only">{t(`nav.${name}`)}</span>
                    </Entry>
                  </Tooltip>
                ) : (
                  <Entry to={to}>
                    <Icon size={18} stroke={1.7} />
                    <span>{t(`nav.${name}`)}</span>
                  </Entry>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className={classes.navFoot}>
        <Tooltip label={narrow ? t('nav.expand') : t('nav.collapse')} position="right">
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={toggle}
            aria-label={narrow ? t('nav.expand') : t('nav.collapse')}
          >
            <Fold size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
    </nav>
  );
}

/** Passes on what a tooltip gives to what it stands at. */
function Entry({ to, ...rest }: ComponentProps<typeof Link>) {
  const activeOptions = to === '/' ? { exact: true, includeSearch: false } : { includeSearch: false };
  return <Link {...rest} to={to} className={classes.entry} {...{ activeOptions }} />;
}
