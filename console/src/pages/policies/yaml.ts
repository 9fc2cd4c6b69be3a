const plain = /^[A-Za-z][\w./ -]*$/;
const words = /^(true|false|yes|no|on|off|null|y|n|~)$/i;

/** A text as YAML: bare where nobody could read it as something else, quoted otherwise. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  return plain.test(value) && !words.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value);
}

/** Plain data as YAML 1.2: members and elements on lines of their own, lists of plain values in brackets. */
export function toYaml(value: Readonly<Record<string, unknown>>, indent = ''): string {
  return Object.entries(value)
    .map(([name, member]) => `${indent}${name}:${written(member, indent)}`)
    .join('');
}

function written(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return ` [${value.map(scalar).join(', ')}]\n`;
    const items = value.map((item) => {
      const lines = toYaml(item as Record<string, unknown>, `${indent}    `);
      return `${indent}  - ${lines.slice(indent.length + 4)}`;
    });
    return `\n${items.join('')}`;
  }
  if (typeof value === 'object' && value !== null) {
    return `\n${toYaml(value as Record<string, unknown>, `${indent}  `)}`;
  }
  return ` ${scalar(value)}\n`;
}
