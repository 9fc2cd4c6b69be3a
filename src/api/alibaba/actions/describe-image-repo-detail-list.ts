import { action } from '../action.ts';
import { pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, document } from '../schema/parameter.ts';
import { repositoryCriteria, selectByCriteria } from '../views/criteria.ts';
import { endpointsOf, yesNo } from '../views/image.ts';
import { registryTypeOf } from '../views/registry.ts';
import { selectedPage } from '../views/selection.ts';

/** Repositories with sums over their images. */
export const describeImageRepoDetailList = action({
  name: 'DescribeImageRepoDetailList',
  level: 'read',
  tier: 1,
  summary: 'pages through repositories with numbers of images and risks',
  parameters: { Criteria: document(), ...paging(20), LogicalExp: choice('OR', 'AND') },
  run: async (input, { services, call }) => {
    const selection = selectByCriteria(input.Criteria, input.LogicalExp, repositoryCriteria);
    const request = pageRequest(input);
    const page = await selectedPage(selection, (filter) =>
      services.images.repositories(call, { ...filter, page: request }),
    );
    return {
      ImageRepoResponses: page.rows.map((repository) => ({
        AlarmCount: repository.alarms,
        AlarmStatus: yesNo(repository.alarms > 0),
        Endpoints: endpointsOf(repository.registry),
        HasRiskImageCount: repository.imagesAtRisk,
        HcCount: repository.baseline,
        HcStatus: yesNo(repository.baseline > 0),
        ImageCount: repository.images,
        InstanceId: repository.registry.instanceId,
        RegionId: repository.registry.region,
        RegistryType: registryTypeOf(repository.registry),
        RepoId: repository.extId,
        RepoName: repository.name,
        RepoNamespace: repository.namespace,
        RiskStatus: yesNo(repository.imagesAtRisk > 0),
        VulCount: repository.vulnerabilities,
        VulStatus: yesNo(repository.vulnerabilities > 0),
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
