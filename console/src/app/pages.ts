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
  { path: '/images/$uuid', load: async () => (await import('../pages/image/image-page.tsx')).ImagePage },
  { path: '/risks', load: async () => (await import('../pages/risks/risks-page.tsx')).RisksPage },
  { path: '/risks/$kind/view', load: async () => (await import('../pages/risks/risk-group-page.tsx')).RiskGroupPage },
];
