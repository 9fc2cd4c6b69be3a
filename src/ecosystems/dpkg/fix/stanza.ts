/** One field of a control stanza, byte for byte: text holds one character per byte (latin1), so that nothing is lost. */
export interface Field {
  /** As written. */
  readonly name: string;
  /** Without the blank before it and white space behind it; continuation lines keep their newline and indentation. */
  readonly value: string;
}

/** One paragraph of a control file. */
export interface Stanza {
  readonly fields: readonly Field[];
  /** The lines of the stanza with their newlines, without the empty line behind it. */
  readonly raw: Uint8Array;
}

/** What a status file holds, and how many lines were no fields. */
export interface StanzaFile {
  readonly stanzas: readonly Stanza[];
  /** Lines that are neither field, continuation nor blank. */
  readonly malformed: number;
}

const newline = 0x0a;

/**
 * Splits a control file into stanzas without changing a byte of them, which is what rewriting a status file needs.
 * Linear in the input; a file without final newline is accepted.
 */
export function readStanzas(bytes: Uint8Array): StanzaFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stanzas: Stanza[] = [];
  let malformed = 0;
  let fields: { name: string; value: string }[] = [];
  let start = 0;
  let end = 0;
  const finish = (): void => {
    if (fields.length > 0) {
      for (const field of fields) field.value = field.value.trimEnd();
      stanzas.push({ fields, raw: bytes.subarray(start, end) });
    }
    fields = [];
  };
  for (let at = 0; at < buffer.length; ) {
    const stop = buffer.indexOf(newline, at);
    const next = stop < 0 ? buffer.length : stop + 1;
    const line = buffer.toString('latin1', at, stop < 0 ? buffer.length : stop);
    if (line.trim() === '') {
      finish();
    } else {
      if (fields.length === 0) start = at;
      if (!addLine(fields, line)) malformed++;
      end = next;
    }
    at = next;
  }
  finish();
  return { stanzas, malformed };
}

function addLine(fields: { name: string; value: string }[], line: string): boolean {
  const first = line[0];
  if (first === ' ' || first === '\t') {
    const last = fields.at(-1);
    if (last === undefined) return false;
    last.value += `\n${line}`;
    return true;
  }
  const colon = line.indexOf(':');
  if (colon <= 0) return false;
  fields.push({ name: line.slice(0, colon), value: line.slice(colon + 1).trimStart() });
  return true;
}

/** The value of a field by its name in lower case; the first one counts, as for dpkg. */
export function fieldOf(stanza: Pick<Stanza, 'fields'>, name: string): string | undefined {
  return stanza.fields.find((field) => field.name.toLowerCase() === name)?.value;
}
