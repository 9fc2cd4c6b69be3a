import type { ExportJob } from '../../../service/index.ts';
import { action } from '../action.ts';
import { downloadLink } from '../download.ts';
import { invalid } from '../errors.ts';
import { required, whole } from '../schema/parameter.ts';

/** Progress of an export and, at its end, a link to the file that works for some minutes without further credentials. */
export const describeExportInfo = action({
  name: 'DescribeExportInfo',
  level: 'read',
  tier: 1,
  summary: 'tells the progress of an export and the link to its file',
  parameters: { ExportId: required(whole(1)), ResourceDirectoryAccountId: whole() },
  run: async (input, context) => {
    const { services, call, settings, origin, now } = context;
    const job = await services.exports.get(call, input.ExportId);
    if (job === null) throw invalid('ExportId');
    const ready = job.state === 'success';
    return {
      CurrentCount: job.rowsDone,
      ExportStatus: statuses[job.state],
      FileName: job.fileName,
      Id: job.number,
      Link: ready ? downloadLink(settings, origin, call, job.id, now()) : undefined,
      Message: messageOf(job),
      Progress: ready ? 100 : job.rowsTotal === 0 ? 0 : Math.min(99, Math.floor((100 * job.rowsDone) / job.rowsTotal)),
      TotalCount: job.rowsTotal,
    };
  },
});

const statuses: Readonly<Record<ExportJob['state'], string>> = {
  queued: 'init',
  running: 'exporting',
  success: 'success',
  failure: 'fail',
  cancelled: 'fail',
  expired: 'fail',
};

function messageOf({ state, reason }: ExportJob): string {
  if (state === 'failure') return reason?.message ?? 'failed';
  if (state === 'cancelled') return 'The export was cancelled.';
  return state === 'expired' ? 'The file was removed after its retention time; export again.' : 'success';
}
