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
  { path: '/access', load: async () => (await import('../pages/access/access-page.tsx')).AccessPage },
  { path: '/access/$id', load: async () => (await import('../pages/access/user-page.tsx')).UserPage },
  {
    path: '/notifications',
    load: async () => (await import('../pages/notifications/notifications-page.tsx')).NotificationsPage,
  },
  { path: '/policies', load: async () => (await import('../pages/policies/policies-page.tsx')).PoliciesPage },
  { path: '/audit', load: async () => (await import('../pages/audit/audit-page.tsx')).AuditPage },
  { path: '/system', load: async () => (await import('../pages/system/system-page.tsx')).SystemPage },
  { path: '/explorer', load: async () => (await import('../pages/explorer/explorer-page.tsx')).ExplorerPage },
];
