import { action } from '../action.ts';
import { pageRequest, paging } from '../schema/paging.ts';
import { findingRecords } from '../views/finding-records.ts';
import { allOf, among, flagged } from '../views/selection.ts';
import { findingFilters, findingSelection } from '../views/vulnerability-filters.ts';
import { vulnerabilityRecord } from '../views/vulnerability-record.ts';

/** Findings that a fix can remove: packages of the system with a published fix, not handled unless asked for. */
export const describeCanFixVulList = action({
  name: 'DescribeCanFixVulList',
  level: 'read',
  tier: 1,
  summary: 'pages through findings that a fix can remove',
  parameters: { ...findingFilters, ...paging(20) },
  run: async (input, { services, call }) => {
    const selection = allOf(
      findingSelection(input, true),
      among('kind', 'cve'),
      flagged('fixable', true),
      flagged('handled', input.Dealed === 'y'),
    );
    const { page, images } = await findingRecords(selection, pageRequest(input), { services, call });
    return { VulRecords: page.rows.map((record) => vulnerabilityRecord(record, images.get(record.imageUuid), false)) };
  },
});
