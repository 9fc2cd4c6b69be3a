import type { FileEntry } from '../../image/index.ts';
import type { Diagnostic } from '../../kernel/index.ts';

/** What happens to one file, in order. Bytes are in the block that comes with it. */
export type FileEvent =
  | { readonly kind: 'start'; readonly file: number; readonly entry: FileEntry }
  | { readonly kind: 'bytes'; readonly file: number; readonly from: number; readonly to: number }
  | { readonly kind: 'end'; readonly file: number };

/** To the thread. Blocks change hands: whoever has one may write to it. */
export type ToThread =
  | { readonly kind: 'walk'; readonly walk: number; readonly analyses: readonly string[] }
  | {
      readonly kind: 'block';
      readonly walk: number;
      readonly block: ArrayBuffer;
      readonly events: readonly FileEvent[];
    }
  | { readonly kind: 'finish'; readonly walk: number }
  | { readonly kind: 'cancel'; readonly walk: number };

/** From the thread. */
export type FromThread =
  | { readonly kind: 'used'; readonly walk: number; readonly block: ArrayBuffer }
  | {
      readonly kind: 'found';
      readonly walk: number;
      readonly facts: ReadonlyMap<string, unknown>;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'failed'; readonly walk: number; readonly message: string };
