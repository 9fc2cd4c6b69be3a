import type { LayerEntry } from '../../../../../image/index.ts';
import { ApplyError } from '../../apply/errors.ts';
import { bytesOf, linesOf, toDatabasePath, toLayerPath } from '../../apply/path-text.ts';
import type { ChangeSet, DerivedHandler } from '../contract.ts';
import { computeHashLinks } from './rehash.ts';
import { renewSelection, type Selection, selectionBytes, trustAnswer } from './selection.ts';

const packaged = 'usr/share/ca-certificates';
const local = 'usr/local/share/ca-certificates';
const directory = 'etc/ssl/certs';
const bundle = `${directory}/ca-certificates.crt`;
const configuration = 'etc/ca-certificates.conf';
const hashLink = /^[0-9a-f]{8}\.[0-9]+$/;
const hashed = /\.(?:pem|crt|cer|crl)$/;

/** Rebuilds the trust store as `update-ca-certificates` does, byte for byte, when packaged certificates change. */
export const certificateHandler: DerivedHandler = {
  id: 'ca-certificates',
  run(change) {
    const { view, database } = change.context;
    if (![...change.changed].some((path) => path.startsWith(`${packaged}/`))) return;
    const file = view.small(configuration);
    if (database.layout === 'distroless' || file === undefined) {
      rebuildPlainBundle(change);
      return;
    }
    const hook = view.children('etc/ca-certificates/update.d')[0];
    if (hook !== undefined) throw refuse(change, `the hook etc/ca-certificates/update.d/${hook} would have to run`);
    const selection = select(change, file);
    const linked = linkCertificates(change, selection);
    if (linked) rehash(change);
  },
};

function refuse(change: ChangeSet, message: string): ApplyError {
  const path = [...change.changed].find((candidate) => candidate.startsWith(`${packaged}/`));
  return new ApplyError('needs_script', message, path === undefined ? {} : { path });
}

function select(change: ChangeSet, file: Uint8Array): Selection {
  const { draft, view, time } = change.context;
  const answer = trustAnswer(view.small('var/cache/debconf/config.dat'));
  if (answer !== undefined && answer !== '' && answer !== 'yes' && answer !== 'no') {
    throw refuse(change, `whether new certificates are trusted was answered with ${answer}`);
  }
  const available = certificatesBelow(change, `${packaged}/mozilla`).map((path) =>
    textOf(path.slice(packaged.length + 1)),
  );
  const exists = (name: string): boolean => {
    const path = toLayerPath(name);
    return draft.after(`${packaged}/${path}`)?.type === 'file' || draft.after(`${local}/${path}`)?.type === 'file';
  };
  const selection = renewSelection(linesOf(file), available, exists, answer !== 'no');
  const bytes = selectionBytes(selection);
  if (Buffer.compare(bytes, file) !== 0) {
    const before = view.entry(configuration);
    draft.putDerived(fileEntry(`${configuration}.dpkg-old`, file, before?.mtime ?? time), file);
    draft.putDerived(fileEntry(configuration, bytes, time), bytes);
  }
  return selection;
}

/** Path text as database files spell it, relative. */
function textOf(path: string): string {
  return toDatabasePath(path).slice(1);
}

function fileEntry(path: string, bytes: Uint8Array, mtime: number): LayerEntry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime };
}

/** All `*.crt` files below a directory as they will be, in byte order of their paths. */
function certificatesBelow({ context: { draft, view }, changed }: ChangeSet, root: string): string[] {
  const found = new Set<string>();
  const pending = [root];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const name of view.children(at)) {
      const path = `${at}/${name}`;
      if (view.entry(path)?.type === 'directory') pending.push(path);
      else found.add(path);
    }
  }
  for (const path of changed) if (path.startsWith(`${root}/`)) found.add(path);
  return [...found]
    .filter((path) => path.endsWith('.crt') && draft.after(path)?.type === 'file')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** Renews links and bundle; tells whether the set of links changed, which is when hashes are computed again. */
function linkCertificates(change: ChangeSet, selection: Selection): boolean {
  const { draft, view, time } = change.context;
  let changed = false;
  for (const name of selection.deselected) {
    const link = `${directory}/${toLayerPath(baseName(name, '.crt'))}.pem`;
    if (view.entry(link)?.type !== 'symlink') continue;
    draft.remove(link);
    changed = true;
  }
  const certificates = [
    ...selection.selected.map((name) => `${packaged}/${toLayerPath(name)}`),
    ...certificatesBelow(change, local),
  ].filter((path) => draft.after(path)?.type === 'file');
  const parts: Uint8Array[] = [];
  for (const path of certificates) {
    const name = baseName(path, '.crt').replaceAll(/[ ,]/g, '_').replaceAll(/[()]/g, '=');
    const link = `${directory}/${name}.pem`;
    const before = draft.after(link);
    if (before?.type !== 'symlink' || before.link !== `/${path}`) {
      draft.putDerived(linkEntry(link, `/${path}`, time), new Uint8Array());
      changed = true;
    }
    const body = change.body(path);
    if (body === undefined) throw refuse(change, `the certificate ${path} could not be read`);
    parts.push(body, ...(body.at(-1) === 0x0a || body.length === 0 ? [] : [bytesOf('\n')]));
  }
  putIfChanged(change, bundle, Buffer.concat(parts));
  return changed;
}

function baseName(path: string, suffix: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function linkEntry(path: string, link: string, mtime: number): LayerEntry {
  return { path, type: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, mtime, link };
}

function putIfChanged({ context: { draft, view, time } }: ChangeSet, path: string, bytes: Uint8Array): void {
  const before = view.small(path);
  if (before !== undefined && view.entry(path)?.type === 'file' && Buffer.compare(before, bytes) === 0) return;
  draft.putDerived(fileEntry(path, bytes, time), bytes);
}

/** Drops links that lead nowhere and renews the hash links. */
function rehash(change: ChangeSet): void {
  const { draft, view, time } = change.context;
  const names = new Set(view.children(directory));
  for (const path of draft.changed()) {
    if (path.startsWith(`${directory}/`) && !path.includes('/', directory.length + 1)) {
      names.add(path.slice(directory.length + 1));
    }
  }
  const files: { name: string; pem: Uint8Array }[] = [];
  const existing = new Map<string, string>();
  for (const name of [...names].sort()) {
    const path = `${directory}/${name}`;
    const entry = draft.after(path);
    if (entry?.type === 'symlink' && hashLink.test(name)) {
      existing.set(name, entry.link ?? '');
      continue;
    }
    const target = entry?.type === 'symlink' ? resolveLink(change, entry.link ?? '') : path;
    if (entry?.type === 'symlink' && target === undefined) draft.remove(path);
    const pem = target === undefined || !hashed.test(name) ? undefined : change.body(target);
    if (pem !== undefined) files.push({ name, pem });
  }
  const { links } = computeHashLinks(files, existing);
  for (const name of existing.keys()) if (!links.has(name)) draft.remove(`${directory}/${name}`);
  for (const [name, file] of links) {
    if (existing.get(name) !== file) draft.putDerived(linkEntry(`${directory}/${name}`, file, time), new Uint8Array());
  }
}

function resolveLink({ context: { draft, paths } }: ChangeSet, link: string): string | undefined {
  const target = paths.follow(link.startsWith('/') ? link.slice(1) : `${directory}/${link}`);
  return target !== undefined && draft.after(target) !== undefined ? target : undefined;
}

/** Images without a selection: only a bundle that is exactly the packaged certificates in order can be renewed. */
function rebuildPlainBundle(change: ChangeSet): void {
  const { view, database } = change.context;
  const before = view.small(bundle);
  if (before === undefined) return;
  const old = view.children(`${packaged}/mozilla`).filter((name) => name.endsWith('.crt'));
  const joined = Buffer.concat(old.map((name) => view.small(`${packaged}/mozilla/${name}`) ?? new Uint8Array()));
  if (Buffer.compare(joined, before) !== 0) {
    throw refuse(change, `${bundle} is not the plain list of the packaged certificates (${database.layout} image)`);
  }
  const bodies = certificatesBelow(change, packaged).map((path) => change.body(path) ?? new Uint8Array());
  putIfChanged(change, bundle, Buffer.concat(bodies));
}
