import { commandWords } from '../../command-words.ts';
import type { ServiceRule } from '../contract.ts';
import type { Setting } from '../formats/setting.ts';
import { jsonSettings, yamlSettings } from '../formats/tree.ts';
import { isLocal } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import { knownPasswords } from '../known-passwords.ts';
import { readOptions } from '../options.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

const applications = '(NotebookApp|ServerApp|LabApp|IdentityProvider|PasswordIdentityProvider)';

const notebook: ConfigSource = {
  id: 'jupyter',
  files: ['jupyter_notebook_config.*', 'jupyter_server_config.*', 'jupyter_lab_config.*', 'jupyter_config.*'].flatMap(
    (name) => [name.replace('*', 'py'), name.replace('*', 'json')],
  ),
  *parse(text, path): Generator<Setting> {
    if (path.endsWith('.json')) yield* jsonSettings(text);
    else yield* pythonSettings(text);
  },
  keep: [
    [new RegExp(`^${applications}\\.(token|password|hashed_password)$`), knownPasswords],
    [new RegExp(`^${applications}\\.(ip|allow_unauthenticated_access)$`), 'plain'],
  ],
};

/** `c.ServerApp.token = ''`; what is computed is a value that nobody knows. */
function* pythonSettings(text: string): Generator<Setting> {
  let line = 0;
  for (const written of text.split('\n')) {
    line++;
    const [, key, expression = ''] = /^c\.(\w+\.\w+)\s*=\s*(.*)$/.exec(written.trim()) ?? [];
    if (key === undefined) continue;
    const [, literal] = /^[ub]?(?:'([^']*)'|"([^"]*)")\s*(?:#.*)?$/.exec(expression) ?? [];
    const isEmpty = /^[ub]?(''|"")/.test(expression);
    yield { key, value: isEmpty ? '' : (literal ?? expression.replaceAll(/^["']|["']$/g, '')), line };
  }
}

const codeServer: ConfigSource = {
  id: 'code-server',
  files: ['code-server/config.yaml'],
  parse: yamlSettings,
  keep: [
    [/^(auth|bind-addr)$/, 'plain'],
    [/^(hashed-)?password$/, knownPasswords],
  ],
};

/** Options in the image's command; the token of one set of options counts for all. */
function startOptions(image: ServiceImage): ReadonlyMap<string, string> {
  const { entrypoint, cmd, env } = image.context.image.settings;
  const words = [...entrypoint, ...cmd].flatMap((word) => (/\s/.test(word) ? commandWords(word) : [word]));
  const extra = env.filter((text) => /^(NOTEBOOK_ARGS|JUPYTER_ARGS)=/.test(text));
  return readOptions([...words, ...extra.flatMap((text) => commandWords(text.slice(text.indexOf('=') + 1)))]).all;
}

function judgeNotebook(image: ServiceImage, verdict: Verdict): void {
  const options = [...startOptions(image)].filter(([name]) => new RegExp(`^${applications}\\.`).test(name));
  // An option with quotes inside of an argument gives the quotes away when Jupyter reads it.
  const given = (part: RegExp) => options.findLast(([name]) => part.test(name))?.[1].replaceAll(/^["']+|["']+$/g, '');
  const password = given(/\.(hashed_)?password$/) ?? '';
  const written = image.all(notebook, /\.(hashed_)?password$/).at(-1)?.secret;
  if (password !== '' || (written !== undefined && written !== 'empty')) return;
  const token = given(/\.token$/);
  if (token !== undefined) {
    if (token === '') verdict.bad(image.optionEvidence('token is empty'));
    else if (knownPasswords.includes(token)) verdict.bad(image.optionEvidence('token is a default'));
    return;
  }
  const found = image.last(notebook, /\.token$/);
  if (found?.secret === 'empty' || found?.secret === 'default') verdict.bad(image.evidence(found));
  else if (found === undefined && image.env('JUPYTER_TOKEN') === '')
    verdict.bad(image.envEvidence('JUPYTER_TOKEN', ''));
}

function judgeCodeServer(image: ServiceImage, verdict: Verdict): void {
  const options = startOptions(image);
  const bind = options.get('bind-addr') ?? image.last(codeServer, 'bind-addr')?.value;
  if (options.get('auth') === 'none') {
    if (bind === undefined || !isLocal(bind)) verdict.bad(image.optionEvidence('--auth none'));
    return;
  }
  if (bind !== undefined && isLocal(bind)) return;
  const auth = image.last(codeServer, 'auth');
  if (auth?.value === 'none') verdict.bad(image.evidence(auth));
  const password = image.last(codeServer, 'password');
  if (password?.secret === 'default' || password?.secret === 'empty') verdict.bad(image.evidence(password));
  if (knownPasswords.includes(image.env('PASSWORD') ?? '-')) verdict.bad(image.envEvidence('PASSWORD', '(default)'));
}

/** SV-022. */
export const jupyter: ServiceRule = {
  id: 'SV-022',
  service: 'jupyter',
  level: 'high',
  title: { en: 'Jupyter or code-server without a token', zh: 'Jupyter/code-server 未授权访问' },
  description: {
    en: 'Neither a token nor a password is asked for: whoever reaches the port runs commands.',
    zh: '既不需要令牌也不需要密码：任何能访问端口的人都可以执行命令。',
  },
  advice: {
    en: 'Leave the token to Jupyter or set a hashed password; set `auth: password` for code-server.',
    zh: '使用 Jupyter 自动生成的令牌或设置散列密码；code-server 使用 auth: password。',
  },
  packages: /^(notebook|jupyter-server|jupyterlab|jupyter|jupyter-notebook|code-server|nbclassic)$/,
  programs: ['jupyter', 'jupyter-notebook', 'jupyter-lab', 'jupyter-server', 'code-server'],
  sources: [notebook, codeServer],
  judge(image, verdict) {
    judgeNotebook(image, verdict);
    if (image.programs(['code-server']).length > 0) judgeCodeServer(image, verdict);
  },
};
