import type { DecisionRule, ImageView } from '../../../service/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { pageOf } from '../input/page.ts';
import { statusFlag } from './list-image-vulnerabilities.ts';

type Entry = Awaited<ReturnType<RouteCall['services']['decisions']['history']>>['rows'][number];

/** Changes of decisions that one answer is made from. */
const maxEntries = 2000;

/** Who decided what about a vulnerability, newest first. */
export const handleHistory: HuaweiRoute = {
  method: 'GET',
  path: '/image/vulnerability/handle-history',
  operation: 'ListImageVulHandleHistory',
  action: 'hss:vuls:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const { query } = call;
    const vulnerability = query.need('vul_id', query.text('vul_id', { min: 1, max: 256 }));
    query.need('image_type', query.word('image_type', ['local', 'registry']));
    const wanted = {
      image_id: query.text('image_id', { max: 256 }),
      image_name: query.text('image_name', { max: 256 }),
      user_name: query.text('user_name', { max: 256 }),
      remark: query.text('remark', { max: 512 }),
      handle_type: query.word('handle_type', ['ignore', 'not_ignore', 'add_to_whitelist']),
      app_name: query.text('app_name', { max: 256 }),
      app_version: query.text('app_version', { max: 256 }),
    };
    const status = statusFlag(query);
    const page = pageOf(query);
    const items = (await itemsOf(call, vulnerability)).filter(
      (item) =>
        Object.entries(wanted).every(([name, text]) => text === undefined || fits(name, item, text)) &&
        (status === undefined || (item.status === 'vul_status_ignored') === status),
    );
    return { total_num: items.length, data_list: items.slice(page.offset, page.offset + page.limit) };
  },
};

type Item = Readonly<Record<string, string | number>>;

function fits(name: string, item: Item, text: string): boolean {
  const value = String(item[name] ?? '');
  return name === 'image_id' || name === 'handle_type' ? value === text : value.includes(text);
}

async function itemsOf({ call, services }: RouteCall, vulnerability: string): Promise<Item[]> {
  const history = await services.decisions.history(call, { vulnerability, page: { offset: 0, limit: maxEntries } });
  const uuids = history.rows.flatMap(({ rule: { scope } }) => (scope.kind === 'images' ? scope.uuids : []));
  const images = await services.images.byUuids(call, [...new Set(uuids)]);
  const byUuid = new Map(images.map((image) => [image.uuid, image]));
  return history.rows.flatMap((entry) => {
    const { scope } = entry.rule;
    // A decision on named images is shown once for each that the caller may see, any other once.
    const named = scope.kind === 'images' ? scope.uuids.flatMap((uuid) => byUuid.get(uuid) ?? []) : [undefined];
    return named.map((image) => item(entry, image));
  });
}

function item({ rule, change, at, by }: Entry, image: ImageView | undefined): Item {
  const active = change === 'added' || change === 'updated';
  return {
    image_id: image?.uuid ?? '',
    image_name: image?.repository.path ?? '',
    user_name: by,
    handle_time: at,
    handle_type: handleType(rule, active),
    status: active ? 'vul_status_ignored' : 'vul_status_unfix',
    app_name: rule.scope.kind === 'packages' ? rule.scope.names.join(';') : '',
    app_version: '',
    app_path: '',
    remark: rule.reason,
    image_digest: image?.digest ?? '',
    image_version: image?.tag ?? '',
    agent_id: '',
  };
}

function handleType({ kind }: DecisionRule, active: boolean): string {
  if (!active) return 'not_ignore';
  return kind === 'whitelist' ? 'add_to_whitelist' : 'ignore';
}
