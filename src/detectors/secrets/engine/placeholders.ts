/** Words that people write where a secret belongs, so that nobody takes it for one. */
const standIns =
  /example|sample|placeholder|change[-_ ]?(me|this|it)|dummy|redacted|removed|replace[-_ ]?(me|this|with)|your[-_ ]|fixme|todo|notreal|not[-_]a[-_]|insert[-_ ]|xxxx|\*\*\*|\.\.\.|foobar|deadbeef|(^|[^a-z])fake|[-_ ]here$|^(x|\*|-|_)+$/i;

/** The whole value is a word that stands for a value, or for none. */
const empties =
  /^(null|nil|none|undefined|true|false|yes|no|on|off|unset|empty|default|secret|password|passwd|passphrase|token|apikey|api[-_]key|key|value|string|text|user|username|hidden|prompt|required|optional|test|testing|changeit|n\/?a)$/i;

/** The value comes from somewhere else: a variable, a template, a call. */
const references = [
  /^\$[\w({]/,
  /^%(\([\w.-]+\)s|\w+%)$/,
  /[<{]{1,2}[^<>{}]{0,200}[>}]/,
  /^@[\w.-]+@$/,
  /^(env|getenv|os\.|process\.|config\.|settings\.|vault:|secretsmanager:|ssm:|file:|ref\+|!ref|arn:aws:)/i,
  /\b(get_?env|environ|fetch|lookup)\b/i,
  /^[A-Za-z_][\w.:]{2,60}[([].*[)\]]$/,
  /^ENV\[/,
];

/** Whether a value is plainly no secret: a word that stands for one, a reference, or characters in rows. */
export function isPlaceholder(value: string): boolean {
  if (value.trim() === '' || empties.test(value) || standIns.test(value)) return true;
  return references.some((reference) => reference.test(value)) || isMonotonous(value);
}

/** Few characters repeated, or characters that follow one another (`aaaa`, `abcabcabc`, `12345678`, `0123456789abcdef`). */
function isMonotonous(value: string): boolean {
  if (value.length < 4) return true;
  if (new Set(value).size <= Math.min(3, value.length / 3)) return true;
  let rows = 0;
  for (let i = 1; i < value.length; i++) {
    const step = value.charCodeAt(i) - value.charCodeAt(i - 1);
    if (step === 0 || step === 1 || step === -1) rows++;
  }
  return value.length >= 8 && rows / (value.length - 1) > 0.6;
}

/** Whether a value reads like words of a language or of a program, with numbers apart from them, and not like something random. */
export function isWordy(value: string): boolean {
  const parts = value.split(/[-_.\s/:,@+]+/).filter((part) => part !== '');
  const words = parts.flatMap((part) =>
    /^[A-Za-z]+$/.test(part) ? (part.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []) : [part],
  );
  const readable = words.every((word) => /^[A-Za-z]+$/.test(word) || /^\d{1,8}$/.test(word));
  const letters = words.filter((word) => /^[A-Za-z]{3,}$/.test(word)).join('').length;
  return readable && letters >= value.length * 0.6 && words.length <= value.length / 3;
}
