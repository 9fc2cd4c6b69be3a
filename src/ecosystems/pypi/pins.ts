import { linesOf } from '../lockfiles/lines.ts';

/** `NAME==VERSION` of a list of requirements. */
export type Pin = readonly [name: string, version: string];

/**
 * The exact pins of a requirements file or of pip's own list: `name[extras]==version`, followed by markers, hashes or a
 * comment. Everything that leaves a choice (`>=`, `==1.*`, URLs, further files) says nothing about what is there.
 */
export function* readPins(bytes: Uint8Array): Generator<Pin> {
  for (const { text } of linesOf(bytes)) {
    const pin = readPin(text);
    if (pin !== undefined) yield pin;
  }
}

function readPin(line: string): Pin | undefined {
  const equals = line.indexOf('==');
  if (equals < 1) return undefined;
  const name = nameBefore(line, equals);
  if (name === '') return undefined;
  let at = equals + 2;
  // `===` compares texts, and means the same for a version that is one.
  if (line[at] === '=') at++;
  while (line[at] === ' ' || line[at] === '\t') at++;
  let end = at;
  while (end < line.length && end - at < 300 && !stops.includes(line.charAt(end))) end++;
  const version = line.slice(at, end);
  const rest = line.slice(end).trimStart();
  // A second condition (`==1.0,!=1.1`) is a range again.
  return version === '' || version.includes('*') || rest.startsWith(',') ? undefined : [name, version];
}

const stops = ' \t\r;#\\,';

/** The name at the beginning of a line, when nothing but `[extras]` stands between it and the operator. */
function nameBefore(line: string, end: number): string {
  const text = line.slice(0, Math.min(end, 2000)).trim();
  const bracket = text.indexOf('[');
  const name = (bracket < 0 ? text : text.slice(0, bracket)).trimEnd();
  if (bracket >= 0 && !text.endsWith(']')) return '';
  return name.length > 214 || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) ? '' : name;
}
