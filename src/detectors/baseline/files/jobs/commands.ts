import { baseName } from '../../../../image/index.ts';
import { commandWords } from '../../command-words.ts';

/** What one command of a job does, without its arguments: they may hold secrets. */
export interface JobCommand {
  /** Absolute paths of what is started: the program, and the script that an interpreter is given. */
  readonly programs: readonly string[];
  /** It is started only when it is there. */
  readonly guarded: boolean;
  /** Something is downloaded and executed. */
  readonly fetches: boolean;
}

const interpreter = /^(sh|bash|dash|ash|zsh|ksh|python[\d.]*|perl[\d.]*|ruby[\d.]*|node|php[\d.]*)$/;
const fetcher = /^(curl|wget|fetch|aria2c|lynx|tftp)$/;
/** Words that start another command. */
const prefix = /^(sudo|env|nice|ionice|timeout|nohup|exec|command|time|setsid|chronic|flock|systemd-cat|run-parts)$/;
const separators = new Set([';', '&', '|', '\n']);

interface Segment {
  readonly words: readonly string[];
  /** The separator before it. */
  readonly after: string;
}

/** Commands between separators, variables and prefixes in front taken away. */
function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let words: string[] = [];
  let after = '';
  const end = (separator: string): void => {
    const start = words.findIndex(
      (word) => !/^[A-Za-z_]\w*=/.test(word) && !prefix.test(baseName(word)) && !/^-|^\d+[smh]?$/.test(word),
    );
    if (start >= 0) segments.push({ words: words.slice(start), after });
    words = [];
    after = separator;
  };
  for (const word of commandWords(text)) {
    if (separators.has(word)) end(word);
    else words.push(word);
  }
  end('');
  return segments;
}

/** Looks at one command line, or at a whole script. */
export function readCommand(text: string): JobCommand {
  const segments = segmentsOf(text);
  const programs = new Set<string>();
  let guarded = false;
  for (const { words } of segments) {
    const [first = '', ...rest] = words;
    const name = baseName(first);
    if (name === 'test' || name === '[' || name === '[[' || name === 'if' || name === 'which' || rest.includes('-v')) {
      guarded = true;
      continue;
    }
    if (first.startsWith('/')) programs.add(first);
    const script = interpreter.test(name) ? rest.find((word) => !word.startsWith('-')) : undefined;
    if (script?.startsWith('/') && !/\s/.test(script)) programs.add(script);
  }
  return { programs: [...programs].slice(0, 20), guarded, fetches: fetchesAndRuns(segments) };
}

function fetchesAndRuns(segments: readonly Segment[]): boolean {
  const downloaded = new Set<string>();
  let fetched = false;
  for (const { words, after } of segments) {
    const [first = '', ...rest] = words;
    const name = baseName(first);
    if (fetcher.test(name)) {
      fetched = true;
      for (const file of targetsOf(rest)) downloaded.add(file);
      continue;
    }
    const runs = interpreter.test(name) || name === 'eval' || name === 'source' || name === '.';
    // curl … | sh
    if (fetched && after === '|' && runs) return true;
    // sh -c "$(curl …)", bash <(wget …)
    const inside = words.join(' ').slice(0, 65_536);
    if (runs && /(\$\(|`|<\()\s*(curl|wget|fetch)\b/.test(inside)) return true;
    // sh -c "curl … | sh"
    if (runs && /\b(curl|wget)\b[^|;&]{0,200}\|\s*(sudo\s+)?(\/\S{1,100}\/)?(ba|da|z|k)?sh\b/.test(inside)) return true;
    // What was downloaded before is made executable, or started.
    const touches = words.some((word) => downloaded.has(word) || downloaded.has(baseName(word)));
    if (touches && (runs || name === 'chmod' || downloaded.has(first) || downloaded.has(name))) return true;
  }
  return false;
}

/** Files that a download writes: named by an option, or by the end of the address. */
function targetsOf(words: readonly string[]): string[] {
  const targets: string[] = [];
  for (const [at, word] of words.entries()) {
    if (/^-(o|O|-output|-output-document)$/.test(word)) targets.push(words[at + 1] ?? '');
    const [, file] = /^--output(?:-document)?=(.+)$/.exec(word) ?? [];
    if (file !== undefined) targets.push(file);
    if (/^(https?|ftp):\/\//.test(word)) targets.push(baseName(word.split(/[?#]/, 1)[0] ?? ''));
  }
  return targets.filter((file) => file !== '' && file !== '-');
}
