import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { version } from './version.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `drydock: needs Node.js 24.15 or newer, this is ${process.version}; run \`npm ci\`, which brings one, or update Node\n`,
  );
  process.exit(1);
}

const [only, ...more] = process.argv.slice(2);
if ((only === '--version' || only === '-V') && more.length === 0) {
  // Scripts ask this often; the command line's modules would be nine tenths of the answer's time.
  process.stdout.write(`${version}\n`);
} else {
  keepCompiledSources();
  const { runProgram } = await import('./program.ts');
  await runProgram();
}

/**
 * Compiled sources are kept between runs; it halves the start of a command. Only in the user's own cache: in a shared
 * temporary directory somebody else could put code there that we would run.
 */
function keepCompiledSources(): void {
  const { DRYDOCK_CACHE_DIR, HOME, NODE_COMPILE_CACHE, XDG_CACHE_HOME } = process.env;
  if (NODE_COMPILE_CACHE) return; // Node has taken it from there already.
  const home = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  const directory = DRYDOCK_CACHE_DIR || (home && join(home, 'drydock'));
  if (directory && isAbsolute(directory)) enableCompileCache(join(directory, 'compiled'));
}
