import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGate } from '../../api/session.tsx';
import { SignInPage } from '../../pages/sign-in/sign-in-page.tsx';
import { AwayPage } from './away-page.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { NavBar } from './nav-bar.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { Palette } from './palette.tsx';
import classes from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { useGlobalKeys } from './use-global-keys.ts';

/** The frame of every page; who is not signed in sees the sign-in page instead, at the same address. */
export function Shell() {
  const { state } = useGate();
  if (state === 'loading') return null;
  if (state === 'away') return <AwayPage />;
  return state === 'signed-in' ? <Frame /> : <SignInPage />;
}

function Frame() {
  const { t } = useTranslation('shell');
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useGlobalKeys({ openPalette: () => setPalette(true), openHelp: () => setHelp(true) });
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        {t('skip')}
      </a>
      <NavBar />
      <div className={classes.column}>
        <TopBar openPalette={() => setPalette(true)} openHelp={() => setHelp(true)} />
        <OfflineBanner />
        <main id="content" className={classes.main} tabIndex={-1} data-scroll-restoration-id="main">
          <Outlet />
        </main>
      </div>
      <Palette opened={palette} close={() => setPalette(false)} />
      <HelpDialog opened={help} close={() => setHelp(false)} />
    </div>
  );
}
