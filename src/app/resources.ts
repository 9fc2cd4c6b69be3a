import { fileURLToPath } from 'node:url';

/** A file or folder that is part of the program, such as `data/keyrings`; the same from `src/` and from `dist/`. */
export function resource(path: string): string {
  return fileURLToPath(new URL(`../../data/${path}`, import.meta.url));
}
