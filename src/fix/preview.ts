import type { PlanBasis, PlanPreview } from './contract.ts';
import { FixError } from './errors.ts';
import { platformText } from './part.ts';
import { checkStrategy } from './stages.ts';
import type { RunState } from './state.ts';

/** What a planned run would leave as it is and be refused with, told from what it has looked at. */
export function previewOf(state: RunState): PlanPreview {
  const touched = new Set(state.parts.map(({ image }) => image.document.digest));
  return {
    parts: state.parts.map(({ platform, before, image }): PlanBasis => {
      const replacesOwnLayer = state.planned.get(platform)?.ground.replaces !== undefined;
      const layers = image.layers.length - (replacesOwnLayer ? 1 : 0);
      return { platform, before, layers, parameters: parametersOf(image.configBytes), replacesOwnLayer };
    }),
    untouched: state.opened.platforms
      .filter(({ descriptor }) => !touched.has(descriptor.digest))
      .map(({ platform, descriptor }) => ({ platform: platformText(platform), digest: descriptor.digest })),
    refusal: refusalOf(state),
  };
}

function refusalOf(state: RunState): PlanPreview['refusal'] {
  try {
    checkStrategy(state);
    return null;
  } catch (error) {
    if (!(error instanceof FixError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Keys of the inner `config` object; the bytes were parsed when the image was opened. */
function parametersOf(configBytes: Uint8Array): readonly string[] {
  const { config } = JSON.parse(Buffer.from(configBytes).toString('utf8')) as { config?: unknown };
  if (typeof config !== 'object' || config === null) return [];
  const given = Object.entries(config).filter(([, value]) => value !== null && value !== '');
  return given.map(([key]) => key).sort();
}
