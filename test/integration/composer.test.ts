import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/debian-image.ts';
import { expectedOf, found, installed, oracle, osvArchive, pick, scanRoot } from '../support/osv-world.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';

const autoload = '/usr/share/php/Composer/Semver/autoload.php';
/** A package of the test itself, for development. */
const development = { name: 'test/development', version: 'v1.0.0' };

/** Lets Composer install packages of these names and versions, without any repository on the network. */
async function install(project: string, stub: string, packages: readonly (readonly [string, string])[]): Promise<void> {
  const entry = ({ name, version }: { name: string; version: string }) => ({
    type: 'package',
    package: { name, version, dist: { type: 'path', url: stub } },
  });
  const composer = {
    repositories: [
      { packagist: false },
      ...packages.map(([name, version]) => entry({ name, version })),
      entry(development),
    ],
    require: Object.fromEntries(packages),
    'require-dev': { [development.name]: development.version },
    'minimum-stability': 'dev',
  };
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'composer.json'), JSON.stringify(composer));
  await mustRun('composer', ['install', '--no-interaction', '--no-plugins', '--no-autoloader', '--quiet'], {
    cwd: project,
    env: { ...process.env, COMPOSER_ALLOW_SUPERUSER: '1', COMPOSER_MIRROR_PATH_REPOS: '1', COMPOSER_HOME: stub },
  });
}

test('packages that Composer installed are affected as its own constraints say', async (t) => {
  const sys = needs(t, 'php', 'composer');
  const archive = osvArchive(t, 'Packagist');
  if (!sys || archive === undefined) return;
  if (!existsSync(autoload)) return t.skip('needs composer: run tools/system-deps.sh');
  await using scratch = await temporaryDirectory();
  // Composer refuses some names that records have; the prefix leaves room for many versions of few vendors.
  const picks = await pick(
    archive,
    'Packagist',
    350,
    '(symfony|typo3|guzzlehttp|drupal|laravel|illuminate|twig|phpmailer|contao|league|zendframework|laminas|yiisoft|doctrine|smarty|dompdf)/[a-z0-9._-]+',
  );
  const expected = await expectedOf(picks, sys.php, oracle('composer-affected.php'), autoload);
  const rootfs = join(scratch.path, 'root');
  const stub = join(scratch.path, 'stub');
  await mkdir(stub);
  await writeFile(join(stub, 'file.php'), '<?php\n');
  // A project holds one version of a package.
  const projects: [string, string][][] = [];
  for (const key of expected.keys()) {
    const [name = '', version = ''] = key.split(' ');
    const place = projects.findIndex((packages) => !packages.some(([known]) => known === name));
    if (place < 0) projects.push([[name, version]]);
    else projects[place]?.push([name, version]);
  }
  for (const [index, packages] of projects.entries()) await install(join(rootfs, `srv/app${index}`), stub, packages);

  const report = await scanRoot(rootfs, 'Packagist', join(scratch.path, 'data'));
  const plain = (key: string): string => key.replace(/ v/i, ' ');
  assert.deepEqual(installed(report, 'composer'), [...new Set([...expected.keys()].map(plain))].sort());
  assert.deepEqual(
    report.packages.filter(({ scope }) => scope === 'dev').map(({ purl, locations }) => [purl, locations.length]),
    [['pkg:composer/test/development@1.0.0', projects.length]],
  );
  const actual = found(report, picks);
  const wrong = [...expected].filter(([key, ids]) => JSON.stringify(actual.get(plain(key))) !== JSON.stringify(ids));
  assert.deepEqual(wrong.map(([key, ids]) => ({ key, ids, actual: actual.get(plain(key)) })).slice(0, 5), []);
  const affected = [...expected.values()].filter((ids) => ids.length > 0).length;
  assert.ok(affected > 100 && expected.size - affected > 20, `${affected} of ${expected.size} are affected`);
  t.diagnostic(
    `${affected} of ${expected.size} packages are affected, ${[...expected.values()].flat().length} records`,
  );
});
