import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../../test/support/run.ts';
import { goModules, javaArtifacts, npmPackages, pythonPackages } from './contents.ts';

/** A layer of the mixed image: a tar with everything below `opt/app/<world>`, made once and kept. */
export interface WorldLayer {
  readonly world: string;
  /** Programs that it takes to make it. */
  readonly needs: readonly string[];
  /** Fills an empty folder. */
  fill(directory: string): Promise<void>;
  /** Whatever changes what `fill` makes. */
  readonly recipe: unknown;
}

const cache = process.env.DRYDOCK_TEST_CACHE ?? join(tmpdir(), 'drydock-test-cache');

/** The layer's tar; made with the world's own tool where it is not there yet. */
export async function worldTar(layer: WorldLayer): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([layer.world, layer.recipe]))
    .digest('hex');
  const path = join(cache, `world-${layer.world}-${key.slice(0, 12)}.tar`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'drydock-world-'));
  try {
    const target = join(scratch, 'root/opt/app', layer.world);
    await mkdir(target, { recursive: true });
    await layer.fill(target);
    const temporary = `${path}.${process.pid}`;
    const fixed = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@1700000000'];
    await mustRun('tar', ['--create', '--file', temporary, ...fixed, '-C', join(scratch, 'root'), 'opt']);
    await rename(temporary, path);
    return path;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export const nodeLayer: WorldLayer = {
  world: 'node',
  needs: ['npm'],
  recipe: npmPackages,
  async fill(directory) {
    await writeFile(join(directory, 'package.json'), '{"name":"app","version":"1.0.0","private":true}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await mustRun('npm', ['install', ...quiet, ...npmPackages], { cwd: directory });
  },
};

export const pythonLayer: WorldLayer = {
  world: 'python',
  needs: ['pip3'],
  recipe: pythonPackages,
  async fill(directory) {
    const target = ['--target', join(directory, 'site-packages'), '--only-binary', ':all:', '--no-deps'];
    await mustRun('pip3', ['install', '--quiet', '--root-user-action', 'ignore', ...target, ...pythonPackages]);
  },
};

export const javaLayer: WorldLayer = {
  world: 'java',
  needs: ['mvn'],
  recipe: javaArtifacts,
  async fill(directory) {
    const dependencies = javaArtifacts.map((coordinates) => {
      const [group, artifact, version] = coordinates.split(':');
      const all = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
      return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${all}</dependency>`;
    });
    const project =
      '<modelVersion>4.0.0</modelVersion><groupId>app</groupId><artifactId>app</artifactId><version>1</version>';
    const pom = join(directory, 'pom.xml');
    await writeFile(pom, `<project>${project}<dependencies>${dependencies.join('')}</dependencies></project>`);
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
    await mustRun('mvn', ['-B', '-q', '-f', pom, goal, `-DoutputDirectory=${join(directory, 'lib')}`]);
    await rm(pom);
  },
};

export const goLayer: WorldLayer = {
  world: 'go',
  needs: ['go'],
  recipe: goModules,
  async fill(directory) {
    const source = await mkdtemp(join(tmpdir(), 'drydock-go-'));
    try {
      const uses = goModules.map(([, , path]) => `\t_ "${path}"`).join('\n');
      await writeFile(join(source, 'main.go'), `package main\n\nimport (\n${uses}\n)\n\nfunc main() {}\n`);
      const requires = goModules.map(([module, version]) => `\t${module} ${version}`).join('\n');
      await writeFile(join(source, 'go.mod'), `module example.com/app\n\ngo 1.19\n\nrequire (\n${requires}\n)\n`);
      const env = { ...process.env, CGO_ENABLED: '0' };
      await mustRun('go', ['mod', 'tidy'], { cwd: source, env });
      await mustRun('go', ['build', '-o', join(directory, 'app'), '.'], { cwd: source, env });
      await mustRun('go', ['build', '-ldflags', '-s -w', '-o', join(directory, 'app-stripped'), '.'], {
        cwd: source,
        env,
      });
    } finally {
      await rm(source, { recursive: true, force: true });
    }
  },
};

/** All worlds whose own tools install from public registries, lowest layer first. */
export const worldLayers: readonly WorldLayer[] = [nodeLayer, pythonLayer, javaLayer, goLayer];
