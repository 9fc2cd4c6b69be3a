import type { ImageView } from '../../../../image/index.ts';
import { adminDirectory, type DpkgDatabase } from '../database.ts';
import { type Diversion, readDiversions } from './diversions.ts';
import { type Accounts, type Overrides, readAccounts, readOverrides } from './overrides.ts';
import { type Ownership, readOwnership } from './ownership.ts';
import { type PathFilter, readPathFilter } from './path-filter.ts';
import { createPathResolver, type PathResolver } from './paths.ts';

/** Everything of the image that decides where and how packaged files are written. */
export interface ImageState {
  readonly view: ImageView;
  readonly database: DpkgDatabase;
  readonly diversions: ReadonlyMap<string, Diversion>;
  readonly paths: PathResolver;
  readonly accounts: Accounts;
  readonly overrides: Overrides;
  readonly allows: PathFilter;
  readonly ownership: Ownership;
}

/** Reads the rules of one image. */
export function readImageState(view: ImageView, database: DpkgDatabase): ImageState {
  const diversions = readDiversions(view.small(`${adminDirectory}/diversions`));
  const paths = createPathResolver(view, diversions);
  const accounts = readAccounts(view);
  return {
    view,
    database,
    diversions,
    paths,
    accounts,
    overrides: readOverrides(view, accounts),
    allows: readPathFilter(view),
    ownership: readOwnership(view, database, paths),
  };
}
