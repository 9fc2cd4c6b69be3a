import { action } from '../action.ts';
import { emptyPage, pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { choice, required, text, whole } from '../schema/parameter.ts';
import { allOf, among, nothing, selectedPage } from '../views/selection.ts';

/** The protection switch of repositories: all of them are protected here, always. */
export const describeImageRepoList = action({
  name: 'DescribeImageRepoList',
  level: 'read',
  tier: 2,
  summary: 'pages through protected repositories: all of them',
  parameters: {
    ...paging(20),
    FieldName: choice('repoName', 'repoNamespace'),
    FieldValue: text(),
    OperateType: choice('count', 'other'),
    RepoName: text(),
    RepoNamespace: text(),
    Selected: whole(0, 1),
    TargetType: required(choice('image_repo')),
    Type: required(choice('image_repo')),
  },
  run: async (input, { services, call }) => {
    const all = await services.images.repositories(call, { page: { offset: 0, limit: 1 } });
    const counts = { AddTargetCount: all.total, AllTargetCount: all.total, DelTargetCount: 0 };
    const request = pageRequest(input);
    if (input.OperateType === 'count') return { ...counts, ImageRepoList: [], PageInfo: pageInfo(input, emptyPage) };
    const field = input.FieldName === 'repoNamespace' ? 'repository.namespace' : 'repository.name';
    const selection = allOf(
      among('repository.name', input.RepoName),
      among('repository.namespace', input.RepoNamespace),
      input.OperateType === 'other' && input.FieldName !== undefined ? among(field, input.FieldValue) : undefined,
      input.Selected === 0 ? nothing : undefined,
    );
    const page = await selectedPage(selection, (filter) =>
      services.images.repositories(call, { ...filter, page: request }),
    );
    return {
      ...counts,
      ImageRepoList: page.rows.map((repository) => ({
        Flag: 'add',
        ImageCount: repository.images,
        RepoName: repository.name,
        RepoNamespace: repository.namespace,
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
