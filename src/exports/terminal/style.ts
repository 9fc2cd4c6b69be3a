import { styleText } from 'node:util';
import type { SeverityLevel } from '../../advisories/index.ts';

type Format = Parameters<typeof styleText>[0];

/** How text is emphasised; without colour every function returns its text unchanged. */
export interface Style {
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
  severity(level: SeverityLevel, text: string): string;
}

const severityFormats: Readonly<Record<SeverityLevel, Format>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  negligible: 'dim',
  unknown: 'dim',
};

/** The emphasis for a terminal with or without colour; whether there is one, the caller has found out. */
export function styleFor(color: boolean): Style {
  const apply = (format: Format, text: string): string =>
    color && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: (text) => apply('bold', text),
    dim: (text) => apply('dim', text),
    good: (text) => apply('green', text),
    warn: (text) => apply('yellow', text),
    bad: (text) => apply('red', text),
    severity: (level, text) => apply(severityFormats[level], text),
  };
}
