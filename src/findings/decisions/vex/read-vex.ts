import { isJsonObject, JsonError, type JsonObject, parseJson } from '../../../kernel/index.ts';
import type { VexDocument } from '../contract.ts';
import { DecisionError } from '../errors.ts';
import { decisionLimits } from '../limits.ts';
import { readCsaf } from './csaf.ts';
import { hasAnalysis, readCycloneDxVex } from './cyclonedx.ts';
import { part, text } from './fields.ts';
import { readOpenVex } from './openvex.ts';
import { VexReading } from './reading.ts';

/**
 * Reads a VEX document: OpenVEX, CSAF 2.0 or CycloneDX (JSON). Statements that cannot be used are told in its diagnostics.
 * @param name of the file, for messages and documents without an id.
 * @throws DecisionError `vex_invalid` for anything else, and beyond the limits
 */
export function readVex(bytes: Uint8Array, name: string): VexDocument {
  const document = parsed(bytes, name);
  const reading = new VexReading(name);
  const kind = formatOf(document);
  if (kind === undefined) {
    const hint = 'Known are OpenVEX, CSAF 2.0 and CycloneDX documents with an analysis, all as JSON.';
    throw new DecisionError('vex_invalid', `${name} is no VEX document`, { hint });
  }
  kind.read(document, reading);
  const { statements, diagnostics } = reading;
  return { format: kind.format, ...kind.identity(document, name), statements, diagnostics };
}

interface Format {
  readonly format: VexDocument['format'];
  read(document: JsonObject, reading: VexReading): void;
  identity(document: JsonObject, name: string): Pick<VexDocument, 'id' | 'author'>;
}

const openVex: Format = {
  format: 'openvex',
  read: readOpenVex,
  identity: (document, name) => ({ id: text(document['@id']) ?? name, author: text(document.author) ?? 'unknown' }),
};

const csaf: Format = {
  format: 'csaf',
  read: readCsaf,
  identity(document, name) {
    const about = part(document.document);
    const id = text(part(about.tracking).id) ?? name;
    return { id, author: text(part(about.publisher).name) ?? 'unknown' };
  },
};

const cycloneDx: Format = {
  format: 'cyclonedx',
  read: readCycloneDxVex,
  identity(document, name) {
    const { metadata } = document;
    const author = text(part(part(metadata).supplier).name) ?? text(part(part(metadata).manufacturer).name);
    return { id: text(document.serialNumber) ?? name, author: author ?? 'unknown' };
  },
};

function formatOf(document: JsonObject): Format | undefined {
  const context = text(document['@context']) ?? '';
  if (context.startsWith('https://openvex.dev/ns')) return openVex;
  if (isJsonObject(document.document) && text(document.document.csaf_version)?.startsWith('2.') === true) return csaf;
  if (document.bomFormat === 'CycloneDX' && hasAnalysis(document.vulnerabilities)) return cycloneDx;
  return undefined;
}

function parsed(bytes: Uint8Array, name: string): JsonObject {
  try {
    const document = parseJson(bytes, { maxBytes: decisionLimits.bytes, maxDepth: decisionLimits.depth });
    if (isJsonObject(document)) return document;
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new DecisionError('vex_invalid', `${name}: ${cause.message}`, { cause });
  }
  throw new DecisionError('vex_invalid', `${name} is no JSON object`);
}
