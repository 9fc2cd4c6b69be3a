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
  { path: '/vulns', load: async () => (await import('../pages/vulns/vulnerabilities-page.tsx')).VulnerabilitiesPage },
  { path: '/vulns/$key', load: async () => (await import('../pages/vulns/vulnerability-page.tsx')).VulnerabilityPage },
  { path: '/packages', load: async () => (await import('../pages/packages/packages-page.tsx')).PackagesPage },
  { path: '/packages/view', load: async () => (await import('../pages/packages/package-page.tsx')).PackagePage },
  { path: '/ignores', load: async () => (await import('../pages/ignores/ignores-page.tsx')).IgnoresPage },
  { path: '/exports', load: async () => (await import('../pages/exports/exports-page.tsx')).ExportsPage },
];
