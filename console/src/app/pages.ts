import type { ComponentType } from 'react';

/** A page of the console. */
export interface PageEntry {
  /** Address; `$name` is a part that varies. */
  readonly path: string;
  /** Brings the code of the page when it is first opened. */
  readonly load: () => Promise<ComponentType>;
}

/** Every page by its address. A new page is a line here, and one in `navigation.ts` when it stands in the navigation. */
export const pages: readonly PageEntry[] = [
  { path: '/images', load: async () => (await import('../pages/images/images-page.tsx')).ImagesPage },
  { path: '/images/$uuid/fix', load: async () => (await import('../pages/fix-plan/fix-plan-page.tsx')).FixPlanPage },
  { path: '/fixes', load: async () => (await import('../pages/fixes/fixes-page.tsx')).FixesPage },
  { path: '/fixes/automatic', load: async () => (await import('../pages/automatic/automatic-page.tsx')).AutomaticPage },
  { path: '/fixes/$id', load: async () => (await import('../pages/fix/fix-page.tsx')).FixPage },
];
