import type { Rejection } from '../ecosystems/index.ts';
import type { ScanReport } from '../findings/index.ts';
import type { ImageHandle, ImageRepository } from '../image/index.ts';
import type { FixDeps, OwnResult } from './contract.ts';
import { type Ground, type NoGround, openGround, openGroundBelow } from './ground.ts';
import { findOwnLayer } from './own-layer.ts';
import type { Selection } from './select.ts';

/** One platform of the image under repair, with what is known of it so far. */
export interface FixPart {
  /** `os/architecture[/variant]` */
  readonly platform: string;
  readonly image: ImageHandle;
  readonly before: ScanReport;
  readonly selection: Selection;
  /** Set when the top layer is ours. */
  readonly own: OwnResult | undefined;
  /** Grows with every revision of the plan. */
  readonly rejected: Rejection[];
  /** Opens the image for planning, once. */
  ground(): Promise<Ground | NoGround>;
  /** The same below our earlier layer; undefined when the top layer is not ours. */
  groundBelow(): Promise<Ground | NoGround | undefined>;
}

/** Looks at one platform as far as a plan needs it; the layers are read only when a ground is opened. */
export async function createPart(
  input: { image: ImageHandle; before: ScanReport; selection: Selection; repository: ImageRepository | undefined },
  deps: FixDeps,
  signal: AbortSignal,
): Promise<FixPart> {
  const { image, before, selection } = input;
  const own = await findOwnLayer(image, input.repository, deps, signal);
  const grains = selection.grains;
  let ground: Promise<Ground | NoGround> | undefined;
  let below: Promise<Ground | NoGround> | undefined;
  return {
    platform: platformText(image.platform),
    image,
    before,
    selection,
    own,
    rejected: [],
    ground() {
      ground ??= openGround({ image, before, grains }, deps, signal);
      return ground;
    },
    async groundBelow() {
      if (!own) return undefined;
      below ??= openGroundBelow({ image, before, grains }, own, deps, signal);
      return below;
    },
  };
}

/** A platform as people and reports write it. */
export function platformText(platform: { os: string; architecture: string; variant?: string }): string {
  return [platform.os, platform.architecture, platform.variant].filter((part) => part !== undefined).join('/');
}
