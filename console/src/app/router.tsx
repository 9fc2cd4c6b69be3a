import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
} from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { allTexts } from '../i18n/index.ts';
import { OverviewPage } from '../pages/overview/overview-page.tsx';
import { firstPage, type PageEntry, pages } from './pages.ts';
import { CrashedPage, MissingPage, PendingPage } from './shell/fallback-pages.tsx';
import { Shell } from './shell/shell.tsx';
import { parseSearch, stringifySearch } from './url-state.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: MissingPage });

/** Code and texts of a page. */
async function bring(load: PageEntry['load']): Promise<ComponentType> {
  const [Page] = await Promise.all([load(), allTexts()]);
  return Page;
}

const children = pages.map(({ path, load }) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component:
      path === firstPage ? OverviewPage : lazyRouteComponent(async () => ({ Page: await bring(load) }), 'Page'),
  }),
);

/** The addresses of the console. Code of a page comes when its link is pointed at, at the latest when it is opened. */
export const router = createRouter({
  routeTree: root.addChildren(children),
  defaultPreload: 'intent',
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: ({ error }: ErrorComponentProps) => <CrashedPage error={error} />,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});
