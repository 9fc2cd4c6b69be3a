import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGate } from '../../api/session.tsx';
import { AwayPage } from './away-page.tsx';
import { NavBar } from './nav-bar.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { OnDemand, whenIdle } from './on-demand.tsx';
import classes from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { useGlobalKeys } from './use-global-keys.ts';

const SignInPage = lazy(async () => ({ default: (await import('../../pages/sign-in/sign-in-page.tsx')).SignInPage }));
const bringPalette = async () => ({ default: (await import('./palette.tsx')).Palette });
const bringHelp = async () => ({ default: (await import('./help-dialog.tsx')).HelpDialog });
const Palette = lazy(bringPalette);
const HelpDialog = lazy(bringHelp);
// What fails here is told when the dialog is opened.
const bringDialogs = (): void => void Promise.all([bringPalette(), bringHelp()]).catch(() => {});

/** The frame of every page; who is not signed in sees the sign-in page instead, at the same address. */
export function Shell() {
  const { state } = useGate();
  if (state === 'loading') return null;
  if (state === 'away') return <AwayPage />;
  if (state === 'signed-in') return <Frame />;
  return (
    <Suspense fallback={null}>
      <SignInPage />
    </Suspense>
  );
}

function Frame() {
  const { t } = useTranslation('shell');
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useEffect(() => whenIdle(bringDialogs), []);
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
      <OnDemand dialog={Palette} opened={palette} close={() => setPalette(false)} />
      <OnDemand dialog={HelpDialog} opened={help} close={() => setHelp(false)} />
    </div>
  );
}
