import { checkContext } from '../../src/detectors/baseline/context.ts';
import type { CheckContext, FactReader } from '../../src/detectors/baseline/contract.ts';
import { baselineVisitor } from '../../src/detectors/baseline/facts.ts';
import { defaultBaselineSettings } from '../../src/detectors/index.ts';
import { detect, type FragmentOptions, type LayerFiles } from './detection.ts';

/** Lets a test look at an image of these layers as a check does, with the given readers. */
export async function withContext<T>(
  readers: readonly FactReader<unknown>[],
  layers: readonly LayerFiles[],
  look: (context: CheckContext) => T,
  options: FragmentOptions = {},
): Promise<T> {
  const id = 'facts-of-the-test';
  let seen: { readonly value: T } | undefined;
  await detect(
    [
      {
        id: 'baseline',
        analyses: [{ id, version: 1, visitor: () => baselineVisitor(id, 1, readers) }],
        async detect(input) {
          seen = { value: look(checkContext(input, id, defaultBaselineSettings, new Set(['baseline']))) };
          return { diagnostics: [] };
        },
      },
    ],
    layers,
    options,
  );
  if (seen === undefined) throw new Error('the image was not looked at');
  return seen.value;
}
