import { action } from '../action.ts';
import { text } from '../schema/parameter.ts';
import { imageCriteria } from '../views/criteria.ts';
import { suggestCriteria } from '../views/suggest.ts';

/** What a search box for images offers. */
export const describeImageCriteria = action({
  name: 'DescribeImageCriteria',
  level: 'read',
  tier: 1,
  summary: 'tells the criteria of image searches',
  parameters: { Value: text(256) },
  run: (input, context) => suggestCriteria(imageCriteria, input.Value, context),
});
