import { action } from '../action.ts';
import { text } from '../schema/parameter.ts';
import { repositoryCriteria } from '../views/criteria.ts';
import { suggestCriteria } from '../views/suggest.ts';

/** What a search box for repositories offers. */
export const describeImageRepoCriteria = action({
  name: 'DescribeImageRepoCriteria',
  level: 'read',
  tier: 1,
  summary: 'tells the criteria of repository searches',
  parameters: { Value: text(256) },
  run: (input, context) => suggestCriteria(repositoryCriteria, input.Value, context),
});
