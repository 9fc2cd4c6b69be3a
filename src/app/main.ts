import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `drydock: needs Node.js 24.15 or newer, this is ${process.version}; run \`npm ci\`, which brings one, or update Node\n`,
  );
  process.exit(1);
}

// Compiled sources are kept between runs; it halves the start of a command.
enableCompileCache(
  process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), `drydock-compile-cache-${process.getuid?.() ?? 0}`),
);
const { runProgram } = await import('./program.ts');
await runProgram();
