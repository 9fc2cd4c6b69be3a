import type { FixReport } from '../../findings/index.ts';

/** Longest line and most lines that are kept. */
const lineLength = 2_000;
const mostLines = 2_000;

/** Credentials in the forms in which they turn up in messages: in addresses, in headers, as parameters. */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1'],
  [
    /\b(authorization|proxy-authorization|x-auth-token|cookie)(["']?\s*[:=]\s*["']?)(?:(?:basic|bearer)\s+)?[^\s"',;]+/gi,
    '$1$2***',
  ],
  [/\b(basic|bearer)\s+[A-Za-z0-9+/._~-]{8,}=*/gi, '$1 ***'],
  [
    /\b(password|passwd|secret|token|access_token|refresh_token|signature|x-amz-[a-z-]+|sig)(["']?\s*[=:]\s*["']?)[^\s"'&,;]+/gi,
    '$1$2***',
  ],
];

/**
 * A line fit to be shown: one line, without characters that move a terminal's cursor or the reading direction, without
 * credentials.
 */
export function cleanLine(text: string): string {
  let line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim();
  for (const [pattern, replacement] of secrets) line = line.replaceAll(pattern, replacement);
  return line.slice(0, lineLength);
}

/** What a fix report says, for people: outcome of each vulnerability, what was changed, why it failed. */
export function reportLines(report: FixReport): readonly string[] {
  const lines = report.outcomes.map(
    ({ id, package: name, from, to, outcome, detail }) =>
      `${id}${name === null ? '' : ` in ${name} ${from}`}: ${outcome}${to === null ? '' : ` by ${to}`}${detail === null ? '' : ` (${detail})`}`,
  );
  for (const { name, from, to } of report.upgrades) lines.push(`upgrade: ${name} ${from ?? '(new)'} -> ${to}`);
  for (const { code, message } of report.diagnostics) lines.push(`note: ${code}: ${message}`);
  if (report.result) lines.push(`result: ${report.result.reference} ${report.result.digest}`);
  const { reason, status } = report.task;
  lines.push(reason === null ? `ended: ${status}` : `ended: ${status}: ${reason.code}: ${reason.message}`);
  if (lines.length > mostLines) {
    const left = lines.length - mostLines;
    lines.splice(mostLines - 1, left, `${left} more lines are in the report`);
  }
  return lines.map(cleanLine);
}
