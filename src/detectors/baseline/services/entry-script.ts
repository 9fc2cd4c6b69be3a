import type { Setting } from './formats/setting.ts';
import type { ConfigSource } from './source.ts';

/** Upper-case variables that a script of an image reads: what it may be given when the container starts. */
export const entryScripts: ConfigSource = {
  id: 'entry-script',
  files: ['*entrypoint.sh', '*entrypoint', 'run.sh', 'start.sh', 'docker-start.sh', 'entry.sh', 'docker-run'],
  *parse(text): Generator<Setting> {
    const seen = new Set<string>();
    for (const [, name = ''] of text.matchAll(/(?:\$\{?|\bfile_env ['"]?)([A-Z][A-Z0-9_]{3,60})/g)) {
      if (seen.has(name)) continue;
      seen.add(name);
      yield { key: name, value: '', line: null };
    }
  },
  keep: [[/^/, 'plain']],
};
