import { SaxesParser } from 'saxes';
import { FormatError, formatLimits, type Setting } from './setting.ts';

/** One element of an XML file. */
export interface XmlElement {
  /** Names from the root, without prefixes: `Server/Service/Connector`. */
  readonly path: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text directly inside of it, without blanks around. */
  readonly text: string;
  readonly line: number;
}

/** Text of one element that is kept. */
const maxText = 4096;

/**
 * The elements of a document in the order of their ends. Document types are passed over, so only the entities of XML are
 * known; comments are nothing.
 * @throws FormatError
 */
export function xmlElements(text: string): XmlElement[] {
  if (text.length > formatLimits.treeBytes) throw new FormatError('too long');
  const elements: XmlElement[] = [];
  const open: { path: string; attributes: Record<string, string>; text: string; line: number }[] = [];
  const parser = new SaxesParser();
  const addText = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined && element.text.length < maxText) element.text += piece.slice(0, maxText);
  };
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= formatLimits.depth) throw new FormatError('nested too deep');
    const parent = open.at(-1)?.path;
    const local = withoutPrefix(name);
    const path = parent === undefined ? local : `${parent}/${local}`;
    open.push({ path, attributes: { ...attributes }, text: '', line: parser.line });
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element !== undefined) elements.push({ ...element, text: element.text.trim() });
  });
  try {
    parser.write(text).close();
  } catch (cause) {
    throw cause instanceof FormatError ? cause : new FormatError('no XML', { cause });
  }
  return elements;
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/**
 * Pairs of elements that stand for settings: `<name>` and `<value>` of Hadoop, `<param-name>` and `<param-value>` of
 * servlets.
 */
export function* namedValues(elements: readonly XmlElement[], name: string, value: string): Generator<Setting> {
  let key: string | undefined;
  for (const { path, text, line } of elements) {
    const last = path.slice(path.lastIndexOf('/') + 1);
    if (last === name) key = text;
    else if (last === value && key !== undefined) {
      yield { key, value: text, line };
      key = undefined;
    }
  }
}
