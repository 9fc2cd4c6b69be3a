import { apk } from './apk/index.ts';
import { bitnami } from './bitnami/index.ts';
import { composer } from './composer/index.ts';
import type { Ecosystem } from './contract.ts';
import { cran } from './cran/index.ts';
import { dpkg } from './dpkg/index.ts';
import { gem } from './gem/index.ts';
import { hex } from './hex/index.ts';
import { nuget } from './nuget/index.ts';
import { opkg } from './opkg/index.ts';
import { pub } from './pub/index.ts';
import { rpm } from './rpm/index.ts';
import { sbom } from './sbom/index.ts';
import { swift } from './swift/index.ts';
import { wordpress } from './wordpress/index.ts';

/** Every packaging world that a scan looks for. */
export const ecosystems: readonly Ecosystem[] = [
  dpkg,
  rpm,
  apk,
  opkg,
  gem,
  composer,
  nuget,
  sbom,
  bitnami,
  wordpress,
  cran,
  hex,
  pub,
  swift,
];
