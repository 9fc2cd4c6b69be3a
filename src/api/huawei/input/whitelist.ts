import type { DecisionScope } from '../../../service/index.ts';
import { invalidParameter } from '../errors.ts';
import type { BodyInput } from './body.ts';
import type { QueryInput } from './query.ts';

/** The two parameters that every white list operation insists on. @throws HuaweiRefusal `HSS.0001` */
export function checkWhitelistQuery(query: QueryInput): void {
  query.need('global_image_type', query.word('global_image_type', ['local', 'registry']));
  query.need('type', query.word('type', ['vulnerability']));
}

const imageTypes = ['private_image', 'shared_image', 'instance_image', 'harbor', 'jfrog', 'local_image'] as const;
const maxImages = 2048;

/** Where a white list holds; undefined when the body does not say. Images are named by `image_id`. */
export function whitelistScope(body: BodyInput): DecisionScope | undefined {
  const rule = body.word('rule_type', ['all_images', 'specific_image_types', 'specific_images']);
  if (rule === undefined) return undefined;
  if (rule === 'all_images') return { kind: 'global' };
  if (rule === 'specific_image_types') {
    const info = body.object('query_info');
    return { kind: 'registryKinds', kinds: [info.need('image_type', info.word('image_type', imageTypes))] };
  }
  const images = body.objects('image_info', maxImages) ?? [];
  if (images.length === 0) throw invalidParameter('image_info');
  const uuids = images.map((image) => image.need('image_id', image.text('image_id', { min: 1, max: 256 })));
  return { kind: 'images', uuids: [...new Set(uuids)] };
}
