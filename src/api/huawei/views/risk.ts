import type { RiskGroup, RiskHit } from '../../../service/index.ts';
import type { RouteCall } from '../contract.ts';

const levels: Readonly<Record<string, string>> = {
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  serious: 'High',
  suspicious: 'Medium',
  remind: 'Low',
};

/** A level in the vendor's words. */
export function severityOf({ level }: Pick<RiskHit, 'level'>): string {
  return levels[level] ?? 'Low';
}

/** The level that a word asks for; the vendor's `Critical` and `Security` have nothing here. */
export function levelNamed(word: string): 'high' | 'medium' | 'low' | 'none' {
  const found = { High: 'high', Medium: 'medium', Low: 'low' } as const;
  return found[word as keyof typeof found] ?? 'none';
}

/** The language that a caller wants; the vendor's own is Chinese, its clients send `X-Language`. */
export function languageOf({ header }: Pick<RouteCall, 'header'>): 'en' | 'zh' {
  return /^zh/i.test(header('x-language') ?? '') ? 'zh' : 'en';
}

const operatingSystem: ReadonlySet<string> = new Set(['identification', 'file_permission']);

/** Name of the vendor's baseline that a check belongs to (risks.md §1). */
export function checkNameOf({ nameKey, classKey }: Pick<RiskGroup, 'nameKey' | 'classKey'>): string {
  if (operatingSystem.has(nameKey)) return 'Linux';
  return classKey === 'access_control' ? 'SSH' : 'Container image';
}

/** Keys of baselines behind a name of the vendor; undefined for a name that nothing has. */
export function namesOfCheck(name: string): readonly string[] | undefined {
  const names: Readonly<Record<string, readonly string[]>> = {
    Linux: ['identification', 'file_permission'],
    SSH: ['ssh_config', 'pam_config', 'tls_material'],
    'Container image': ['image_config', 'hc_image_exploit', 'package_trust', 'ak_leak'],
  };
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

/** What every row says of its image. */
export function imageOf({ image }: Pick<RiskHit, 'image'>) {
  return {
    image_id: image.uuid,
    image_name: image.repository.path,
    image_version: image.tag ?? '',
    image_digest: image.digest,
    image_type: 'local_image',
  };
}
