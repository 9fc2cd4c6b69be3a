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
  const { runProgram } = await import('./program.ts');
  await runProgram();
}
