import type { RegistryConnector, RegistryConnectors } from './contract.ts';
import { harborConnector } from './harbor.ts';
import { ociConnector } from './oci.ts';
import { openOnboarded, type RegistryAccessOptions } from './opened.ts';
import { staticConnector } from './static.ts';

/** Opens connectors; a new kind of registry is added here. */
export function createConnectors(options: RegistryAccessOptions): RegistryConnectors {
  return {
    open(record, sealedPassword): RegistryConnector {
      const opened = openOnboarded(record, sealedPassword, options);
      switch (record.kind) {
        case 'oci':
          return ociConnector(opened);
        case 'harbor':
          return harborConnector(opened);
        case 'static':
          return staticConnector(opened, record.references);
      }
    },
  };
}
