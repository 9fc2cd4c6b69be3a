import { digestOf } from '../../src/image/index.ts';
import { CodedError } from '../../src/kernel/index.ts';
import { type FixBench, fixBench, toyImage } from './fix-world.ts';
import { toyWorld } from './toy-fixer.ts';

class FaultError extends CodedError {}

/** Lets one operation of the repository fail with a code, `times` times. */
export function failing(operation: string, code: string, times = Number.POSITIVE_INFINITY): (bench: FixBench) => void {
  let left = times;
  return ({ repository }) => {
    repository.disturb = (name) => {
      if (name !== operation || left-- <= 0) return;
      throw new FaultError(code, `${operation} fails with ${code}`);
    };
  };
}

/** Moves a tag when an operation is reached for the first time. */
export function moving(operation: string, tag: string): (bench: FixBench) => void {
  let done = false;
  return ({ repository }) => {
    repository.disturb = (name) => {
      if (name !== operation || done) return;
      done = true;
      const other = toyImage({ libfoo: 1, moved: 1 });
      repository.seed(tag, other);
    };
  };
}

/** An image whose config has what few configs have. */
export function oddConfig(): FixBench {
  const config = {
    OnBuild: ['RUN id'],
    Healthcheck: { Test: ['CMD', 'true'], Interval: 1e9 },
    Shell: ['/bin/odd', '-c'],
    User: '1000',
    Entrypoint: [''],
    'x-unknown': { deep: [1.5e300, '\u202e'] },
  };
  return fixBench(
    toyWorld(),
    toyImage({ libfoo: 1 }, { config: { config, created: '9999-12-31T23:59:59Z', 'x-top': 1.0 } }),
  );
}

/** The registry says that it stored something else. */
export function wrongDigest({ repository }: FixBench): void {
  repository.putManifest = async () => digestOf('something else');
}

/** Somebody moves the tag right after we set it. */
export function lostTag({ repository }: FixBench): void {
  const put = repository.putTag.bind(repository);
  repository.putTag = async (tag, document) => {
    await put(tag, document);
    repository.seed(tag, toyImage({ somebody: 1 }));
  };
}

/** The advisory data change once the image was pushed. */
export function agingAdvisories(createdAt: string): (bench: FixBench) => void {
  return ({ world, repository }) => {
    repository.disturb = (name) => {
      if (name === 'putManifest') world.snapshot = { id: 'snapshot-2', createdAt };
    };
  };
}

/** The disk has room for the plan and not for the layer. */
export function diskFull({ blobs }: FixBench): void {
  let puts = 0;
  blobs.onPut = () => {
    // The plan fits, the layer does not.
    if (puts++ === 1) throw new FaultError('storage_full', 'no space left');
  };
}
