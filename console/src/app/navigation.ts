import {
  IconActivity,
  IconBell,
  IconBook2,
  IconBug,
  IconBuildingWarehouse,
  IconCalendarTime,
  IconChecklist,
  IconCode,
  IconDownload,
  IconEyeOff,
  IconGauge,
  IconKey,
  IconPackage,
  IconRadar2,
  IconShieldExclamation,
  IconStack2,
  IconTool,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { shell } from '../locales/en/shell.ts';

type NavKey = keyof (typeof shell)['nav'];

/** An entry of the main navigation. */
export interface NavEntry {
  readonly to: string;
  readonly label: NavKey;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  /** Action without which the entry is absent. */
  readonly needs?: string;
  /** Second key after `g`. */
  readonly key?: string;
}

/** The main navigation in its groups. */
export const navigation: readonly { readonly label: NavKey; readonly entries: readonly NavEntry[] }[] = [
  {
    label: 'risk',
    entries: [
      { to: '/', label: 'overview', icon: IconGauge, key: 'o' },
      { to: '/images', label: 'images', icon: IconStack2, needs: 'drydock:image:read', key: 'i' },
      { to: '/vulns', label: 'vulnerabilities', icon: IconBug, needs: 'drydock:finding:read', key: 'v' },
      { to: '/packages', label: 'packages', icon: IconPackage, needs: 'drydock:finding:read', key: 'p' },
      { to: '/risks', label: 'risks', icon: IconShieldExclamation, needs: 'drydock:finding:read' },
    ],
  },
  {
    label: 'repair',
    entries: [
      { to: '/fixes', label: 'fixes', icon: IconTool, needs: 'drydock:fix:read', key: 'f' },
      { to: '/scans', label: 'scans', icon: IconRadar2, needs: 'drydock:scan:read', key: 's' },
      { to: '/ignores', label: 'ignores', icon: IconEyeOff, needs: 'drydock:decision:read' },
      { to: '/exports', label: 'exports', icon: IconDownload, needs: 'drydock:export:read', key: 'e' },
    ],
  },
  {
    label: 'setup',
    entries: [
      { to: '/registries', label: 'registries', icon: IconBuildingWarehouse, needs: 'drydock:registry:read', key: 'r' },
      { to: '/schedules', label: 'schedules', icon: IconCalendarTime, needs: 'drydock:schedule:read' },
      { to: '/policies', label: 'policies', icon: IconChecklist, needs: 'drydock:scan:read' },
      { to: '/notifications', label: 'notifications', icon: IconBell, needs: 'drydock:notification:read' },
      { to: '/access', label: 'access', icon: IconKey, needs: 'drydock:user:read' },
      { to: '/audit', label: 'audit', icon: IconBook2, needs: 'drydock:audit:read' },
      { to: '/system', label: 'system', icon: IconActivity, needs: 'drydock:system:read' },
      { to: '/explorer', label: 'explorer', icon: IconCode },
    ],
  },
];
