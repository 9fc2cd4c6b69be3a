import type { ScanOrder } from '../../../service/index.ts';
import { choices, commaList, type Input, text } from '../schema/parameter.ts';
import { registryTypes } from './registry.ts';
import { allOf, among, digests, filterOf, nothing } from './selection.ts';

/** Filters of a scan: any of the values inside a parameter, all of the parameters together. */
export const scanFilters = {
  Digests: commaList(),
  InstanceIds: commaList(),
  RegionIds: commaList(),
  RegistryTypes: choices(...registryTypes),
  RepoIds: commaList(),
  RepoNames: commaList(),
  RepoNamespaces: commaList(),
  SourceIp: text(),
  Tags: commaList(),
};

/** The images that a scan is ordered for. */
export function scanSelection(input: Input<typeof scanFilters>): Pick<ScanOrder, 'filter' | 'uuids'> {
  const selection = allOf(
    digests('image.digest', input.Digests),
    among('registry.instanceId', input.InstanceIds),
    among('registry.region', input.RegionIds),
    among('registry.type', input.RegistryTypes),
    among('repository.id', input.RepoIds),
    among('repository.name', input.RepoNames),
    among('repository.namespace', input.RepoNamespaces),
    among('image.tag', input.Tags),
  );
  return selection === nothing ? { uuids: [] } : filterOf(selection);
}
