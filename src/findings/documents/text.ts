/** Longest piece of foreign text that goes into a document. */
const maxLength = 4000;

/**
 * Text of an image or an advisory for use inside a document: valid Unicode, one line, no control characters and no
 * direction overrides, bounded. It is data, never markup; who displays it escapes it.
 */
export function documentText(text: string, limit: number = maxLength): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]/g, ' ');
}

/** Advice on one finding in one sentence, in the words that all formats use. */
export function adviceFor(finding: {
  readonly state: string;
  readonly fixedVersion: string | null;
  readonly source: string;
}): string {
  const name = documentText(finding.source, 300);
  switch (finding.state) {
    case 'fixed':
      return finding.fixedVersion === null
        ? `Upgrade ${name}: a fix is published.`
        : `Upgrade ${name} to ${documentText(finding.fixedVersion, 300)} or later.`;
    case 'will_not_fix':
      return `The distribution has decided not to fix this in ${name}; consider removing the package.`;
    case 'end_of_life':
      return `The release gets no more fixes for ${name}; move to a supported release.`;
    case 'unimportant':
      return `The distribution rates this as without security effect in its build of ${name}.`;
    default:
      return `No fix is published for ${name} yet; scan again when the advisories are newer.`;
  }
}
