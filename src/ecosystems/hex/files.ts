import type { ParsedFile } from '../file-cataloger.ts';
import { linesOf } from '../text-lines.ts';

/** A package of Hex. */
export interface HexFact {
  readonly name: string;
  readonly version: string;
}

/** Applications of Erlang/OTP and of Elixir themselves: no packages of Hex, though some names are taken there too. */
const own = new Set(
  (
    'asn1 common_test compiler crypto debugger dialyzer diameter edoc eldap erl_docgen erl_interface erts et eunit ftp ' +
    'inets jinterface kernel megaco mnesia observer odbc os_mon parsetools public_key reltool runtime_tools sasl snmp ' +
    'ssh ssl stdlib syntax_tools tftp tools wx xmerl elixir eex ex_unit iex logger mix'
  ).split(' '),
);

/** `{application,cowboy,[…,{vsn,"2.9.0"},…]}.`: the two terms are looked for, nothing else of it is read. */
export function parseApp(bytes: Uint8Array): ParsedFile<HexFact> | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const atom = after(text, '{application')?.split(/[\s,]/, 1)[0] ?? '';
  const name = atom.startsWith("'") && atom.endsWith("'") ? atom.slice(1, -1) : atom;
  const quotedVersion = after(text, '{vsn');
  if (name === '' || own.has(name) || quotedVersion?.[0] !== '"') return undefined;
  const end = quotedVersion.indexOf('"', 1);
  return end < 0 ? undefined : { packages: [{ name, version: quotedVersion.slice(1, end) }] };
}

/** The first characters of the term that follows a tag and its comma; texts may hold the tag without one. */
function after(text: string, tag: string): string | undefined {
  let at = text.indexOf(tag);
  for (let tries = 0; at >= 0 && tries < 100; tries++) {
    const rest = text.slice(at + tag.length, at + tag.length + 512).trimStart();
    if (rest.startsWith(',')) return rest.slice(1).trimStart();
    at = text.indexOf(tag, at + 1);
  }
  return undefined;
}

/** `"cowboy": {:hex, :cowboy, "2.9.0", …},` of `mix.lock`; packages from Git have no version. */
export function parseMixLock(bytes: Uint8Array): ParsedFile<HexFact> {
  const packages: HexFact[] = [];
  for (const line of linesOf(bytes)) {
    const at = line.slice(0, 512).indexOf('{:hex, :');
    if (at < 0) continue;
    const [atom = '', version = ''] = line.slice(at + '{:hex, :'.length, at + 512).split(', ', 2);
    const name = atom.startsWith('"') ? atom.slice(1, -1) : atom;
    if (version.startsWith('"') && version.endsWith('"')) packages.push({ name, version: version.slice(1, -1) });
  }
  return { packages };
}
