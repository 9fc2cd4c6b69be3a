import type { Schema } from '../../api/client.ts';

type Registry = Schema<'Registry'>;
type NewRegistry = Schema<'NewRegistryInput'>;
type Change = Schema<'RegistryChangeInput'>;

/** What a form about a registry holds: texts as they were typed. */
export interface RegistryDraft {
  readonly name: string;
  readonly kind: Registry['kind'];
  readonly baseUrl: string;
  readonly connectAddress: string;
  readonly region: string;
  readonly projectId: string;
  readonly username: string;
  readonly password: string;
  /** Takes stored credentials away. */
  readonly forget: boolean;
  readonly include: string;
  readonly exclude: string;
  readonly references: string;
  readonly schedule: string;
  readonly scansPerHour: string;
  readonly insecure: boolean;
  readonly ca: string;
  readonly scanNew: boolean;
}

/** The form before anything was typed. */
export const emptyDraft: RegistryDraft = {
  name: '',
  kind: 'oci',
  baseUrl: 'https://',
  connectAddress: '',
  region: '',
  projectId: '',
  username: '',
  password: '',
  forget: false,
  include: '',
  exclude: '',
  references: '',
  schedule: '0 * * * *',
  scansPerHour: '',
  insecure: false,
  ca: '',
  scanNew: true,
};

/** The form of a registry that exists; its password is nobody's to see. `scanNew` is not told by the server. */
export function draftOf(registry: Registry): RegistryDraft {
  return {
    ...emptyDraft,
    name: registry.name,
    kind: registry.kind,
    baseUrl: registry.baseUrl,
    connectAddress: registry.connectAddress ?? '',
    region: registry.region,
    projectId: String(registry.projectId),
    username: registry.username ?? '',
    include: registry.include.join('\n'),
    exclude: registry.exclude.join('\n'),
    references: registry.references.join('\n'),
    schedule: registry.schedule ?? '',
    scansPerHour: registry.scansPerHour === null ? '' : String(registry.scansPerHour),
    insecure: registry.insecure,
    ca: registry.ca ?? '',
  };
}

/** The lines of a text that say something. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The order that adds what the form says. */
export function orderOf(draft: RegistryDraft): NewRegistry {
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    baseUrl: draft.baseUrl.trim(),
    connectAddress: orNull(draft.connectAddress),
    username: orNull(draft.username),
    password: draft.password === '' ? null : draft.password,
    include: linesOf(draft.include),
    exclude: linesOf(draft.exclude),
    references: draft.kind === 'static' ? linesOf(draft.references) : [],
    schedule: orNull(draft.schedule),
    scansPerHour: draft.scansPerHour.trim() === '' ? null : Number(draft.scansPerHour),
    insecure: draft.insecure,
    ca: orNull(draft.ca),
    scanNew: draft.scanNew,
    ...(draft.region === '' ? {} : { region: draft.region }),
    ...(draft.projectId === '' ? {} : { projectId: Number(draft.projectId) }),
  };
}

/** What differs between two forms of a registry, as a change of it; an empty password is one that stays. */
export function changeOf(before: RegistryDraft, after: RegistryDraft): Change {
  const { kind: _kind, projectId: _project, password: _password, username: _username, ...was } = orderOf(before);
  const { kind: _k, projectId: _p, password, username, ...is } = orderOf(after);
  const different = Object.entries(is).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(was[key as keyof typeof was]),
  );
  const credentials = after.forget
    ? { username: null, password: null }
    : {
        ...(username === orNull(before.username) ? {} : { username: username ?? null }),
        ...(after.password === '' ? {} : { password: password ?? null }),
      };
  return { ...(Object.fromEntries(different) as Change), ...credentials };
}

/** Whether a stored password has to be given again for a change: it never follows a registry to another server. */
export function needsPassword(before: RegistryDraft, after: RegistryDraft, hasPassword: boolean): boolean {
  if (!hasPassword || after.forget || after.password !== '') return false;
  const unverified = after.insecure || after.baseUrl.startsWith('http:');
  return (
    before.baseUrl.trim() !== after.baseUrl.trim() ||
    orNull(before.ca) !== orNull(after.ca) ||
    (after.insecure && !before.insecure) ||
    (orNull(before.connectAddress) !== orNull(after.connectAddress) && unverified)
  );
}

/** A name for a registry that was only given an address. */
export function nameFrom(baseUrl: string): string {
  try {
    return new URL(baseUrl).host;
  } catch {
    return '';
  }
}
