import type { ComponentType } from 'react';

/** A page of the console. */
export interface PageEntry {
  /** Address; `$name` is a part that varies. */
  readonly path: string;
  /** Brings the code of the page when it is first opened. */
  readonly load: () => Promise<ComponentType>;
}

/** Where nearly everybody comes in: its code and its texts are in the bundle (router.tsx). */
export const firstPage = '/';

/** Every page by its address. A new page is a line here, and one in `navigation.ts` when it stands in the navigation. */
export const pages: readonly PageEntry[] = [
  { path: firstPage, load: async () => (await import('../pages/overview/overview-page.tsx')).OverviewPage },
  { path: '/start', load: async () => (await import('../pages/start/start-page.tsx')).StartPage },
  { path: '/images', load: async () => (await import('../pages/images/images-page.tsx')).ImagesPage },
  { path: '/images/$uuid', load: async () => (await import('../pages/image/image-page.tsx')).ImagePage },
  { path: '/images/$uuid/fix', load: async () => (await import('../pages/fix-plan/fix-plan-page.tsx')).FixPlanPage },
  { path: '/vulns', load: async () => (await import('../pages/vulns/vulnerabilities-page.tsx')).VulnerabilitiesPage },
  { path: '/vulns/$key', load: async () => (await import('../pages/vulns/vulnerability-page.tsx')).VulnerabilityPage },
  { path: '/packages', load: async () => (await import('../pages/packages/packages-page.tsx')).PackagesPage },
  { path: '/packages/view', load: async () => (await import('../pages/packages/package-page.tsx')).PackagePage },
  { path: '/risks', load: async () => (await import('../pages/risks/risks-page.tsx')).RisksPage },
  { path: '/risks/$kind/view', load: async () => (await import('../pages/risks/risk-group-page.tsx')).RiskGroupPage },
  { path: '/fixes', load: async () => (await import('../pages/fixes/fixes-page.tsx')).FixesPage },
  { path: '/fixes/automatic', load: async () => (await import('../pages/automatic/automatic-page.tsx')).AutomaticPage },
  { path: '/fixes/$id', load: async () => (await import('../pages/fix/fix-page.tsx')).FixPage },
  { path: '/scans', load: async () => (await import('../pages/scans/scans-page.tsx')).ScansPage },
  { path: '/scans/$id', load: async () => (await import('../pages/scans/scan-page.tsx')).ScanPage },
  { path: '/ignores', load: async () => (await import('../pages/ignores/ignores-page.tsx')).IgnoresPage },
  { path: '/exports', load: async () => (await import('../pages/exports/exports-page.tsx')).ExportsPage },
  { path: '/registries', load: async () => (await import('../pages/registries/registries-page.tsx')).RegistriesPage },
  {
    path: '/registries/new',
    load: async () => (await import('../pages/registries/new-registry-page.tsx')).NewRegistryPage,
  },
  { path: '/registries/$id', load: async () => (await import('../pages/registries/registry-page.tsx')).RegistryPage },
  { path: '/schedules', load: async () => (await import('../pages/schedules/schedules-page.tsx')).SchedulesPage },
  { path: '/policies', load: async () => (await import('../pages/policies/policies-page.tsx')).PoliciesPage },
  {
    path: '/notifications',
    load: async () => (await import('../pages/notifications/notifications-page.tsx')).NotificationsPage,
  },
  { path: '/access', load: async () => (await import('../pages/access/access-page.tsx')).AccessPage },
  { path: '/access/$id', load: async () => (await import('../pages/access/user-page.tsx')).UserPage },
  { path: '/audit', load: async () => (await import('../pages/audit/audit-page.tsx')).AuditPage },
  { path: '/system', load: async () => (await import('../pages/system/system-page.tsx')).SystemPage },
  { path: '/explorer', load: async () => (await import('../pages/explorer/explorer-page.tsx')).ExplorerPage },
];
