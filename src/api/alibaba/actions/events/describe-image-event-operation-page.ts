import { action } from '../../action.ts';
import { pageRequest, paging } from '../../schema/paging.ts';
import { choice, text, whole } from '../../schema/parameter.ts';
import { allRows } from '../../views/all-pages.ts';
import { dataPage } from '../../views/envelope.ts';
import { eventNotes, eventOperation } from '../../views/event-operation.ts';

/** Rules on sensitive files. */
export const describeImageEventOperationPage = action({
  name: 'DescribeImageEventOperationPage',
  level: 'read',
  tier: 2,
  summary: 'pages through rules on sensitive files',
  parameters: {
    ...paging(20),
    EventKey: text(128),
    EventName: text(256),
    EventType: choice('sensitiveFile'),
    Id: whole(),
    Lang: choice('zh', 'en'),
    Source: choice('default', 'agentless'),
  },
  run: async (input, { services, call }) => {
    const all =
      input.Source === 'agentless'
        ? []
        : await allRows((page) => services.decisions.page(call, { kind: 'sensitive', page }));
    const wanted = all.filter(
      (rule) =>
        (input.Id === undefined || rule.id === input.Id) &&
        (input.EventKey === undefined || rule.vulnerabilities.includes(input.EventKey.toLowerCase())) &&
        (input.EventName === undefined || rule.title === input.EventName),
    );
    const { offset = 0, limit } = pageRequest(input) as { readonly offset?: number; readonly limit: number };
    const rows = wanted.slice(offset, offset + limit);
    return dataPage(
      input,
      { total: wanted.length },
      rows.map((rule) => ({ ...eventOperation(rule), ...eventNotes(rule) })),
    );
  },
});
