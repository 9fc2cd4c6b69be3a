import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { allTexts } from '../i18n/index.ts';
import { firstPage, pages } from './pages.ts';
import { CrashedPage, MissingPage, PendingPage } from './shell/fallback-pages.tsx';
import { Shell } from './shell/shell.tsx';
import { parseSearch, stringifySearch } from './url-state.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: MissingPage });

const children = pages.map(({ path, load }) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(async () => {
      const [Page] = await Promise.all([load(), path === firstPage ? undefined : allTexts()]);
      return { Page };
    }, 'Page'),
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
