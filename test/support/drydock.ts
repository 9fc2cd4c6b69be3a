import { join } from 'node:path';
import { root } from '../arch/source-tree.ts';
import { debianMirror } from './debian-mirror.ts';
import { type Finished, run } from './run.ts';

/**
 * Runs the real command line in a data directory of its own, with the mirrors of this machine. Nothing else of the
 * user's environment reaches it.
 */
export function drydock(
  args: readonly string[],
  options: { readonly dataDirectory: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Finished> {
  const env = { ...environmentOf(options.dataDirectory), ...options.env };
  return run(join(root, 'bin/drydock'), args, { env });
}

/** The environment in which {@link drydock} runs the command line. */
export function environmentOf(dataDirectory: string): NodeJS.ProcessEnv {
  const mirror = debianMirror();
  return {
    PATH: process.env.PATH,
    HOME: dataDirectory,
    // Not below the home of one test: every run would compile all sources again.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/drydock-compiled'),
    DRYDOCK_DATA_DIR: dataDirectory,
    ...(mirror && { DRYDOCK_DEBIAN_MIRROR: mirror.debian, DRYDOCK_DEBIAN_SECURITY_MIRROR: mirror.security }),
    ...(process.env.NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }),
  };
}
