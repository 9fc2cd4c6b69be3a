/** What a `MANIFEST.MF` says about who made the archive; absent where it does not. */
export interface Manifest {
  readonly bundleName?: string;
  readonly bundleVersion?: string;
  readonly title?: string;
  readonly version?: string;
  readonly vendorId?: string;
  readonly moduleName?: string;
  /** Coordinates of a Jenkins plugin. */
  readonly pluginGroup?: string;
  readonly pluginName?: string;
  readonly pluginVersion?: string;
}

const wanted: ReadonlyMap<string, keyof Manifest> = new Map([
  ['bundle-symbolicname', 'bundleName'],
  ['bundle-version', 'bundleVersion'],
  ['implementation-title', 'title'],
  ['implementation-version', 'version'],
  ['implementation-vendor-id', 'vendorId'],
  ['automatic-module-name', 'moduleName'],
  ['group-id', 'pluginGroup'],
  ['short-name', 'pluginName'],
  ['plugin-version', 'pluginVersion'],
]);
/** Longer values name nothing. */
const maxValue = 300;

/** The main section of a manifest; the sections about single classes, which signed jars have by the thousand, are not. */
export function readManifest(bytes: Uint8Array): Manifest {
  const found: Partial<Record<keyof Manifest, string>> = {};
  let name = '';
  let value = '';
  const keep = (): void => {
    const key = wanted.get(name);
    if (key === undefined || value.length > maxValue) return;
    // Directives follow the name of a bundle: `org.example;singleton:=true`.
    const text = (key === 'bundleName' ? (value.split(';', 1)[0] ?? '') : value).trim();
    if (text !== '') found[key] ??= text;
  };
  for (const line of mainSection(bytes)) {
    if (line.startsWith(' ')) {
      if (value.length <= maxValue) value += line.slice(1);
      continue;
    }
    keep();
    const colon = line.indexOf(':');
    name = line.slice(0, Math.max(0, colon)).toLowerCase();
    value = line.slice(colon + 1).trimStart();
  }
  keep();
  return found;
}

function* mainSection(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < buffer.length; ) {
    let end = at;
    while (end < buffer.length && buffer[end] !== 0x0a && buffer[end] !== 0x0d) end++;
    if (end === at) return;
    yield buffer.toString('utf8', at, end);
    at = end + (buffer[end] === 0x0d && buffer[end + 1] === 0x0a ? 2 : 1);
  }
}
