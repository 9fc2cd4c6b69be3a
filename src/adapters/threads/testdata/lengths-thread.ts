/** Tells the length of every file; fails or dies where it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ContentSink, FileEntry, LayerVisitor } from '../../../image/index.ts';
import { serveVisitors } from '../serve-visitors.ts';

const { fail, die } = workerData as { readonly fail?: string; readonly die?: string };

function visitor(): LayerVisitor<string[]> {
  const found: string[] = [];
  return {
    id: 'lengths',
    version: 1,
    wants: ({ path }) => (path.startsWith('whole') ? 'whole' : 'sink'),
    file({ path }, content) {
      if (content.kind === 'bytes') found.push(`${path} ${content.bytes.length}`);
    },
    sink({ path }: FileEntry): ContentSink {
      let length = 0;
      return {
        chunk(bytes) {
          if (path === fail) throw new Error('told to fail');
          if (path === die) process.exit(3);
          length += bytes.length;
          return true;
        },
        end: () => found.push(`${path} ${length}`),
      };
    },
    finish: () => found,
  };
}

if (parentPort !== null) serveVisitors(parentPort, async () => [visitor()]);
