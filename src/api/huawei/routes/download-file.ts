import { rangeAnswer } from '../../../service/index.ts';
import type { FileAnswer, HuaweiRoute } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';
import { orderedHere } from './export-tasks.ts';

/** ListDownloadExportedFile: the bytes of the archive, as often as wanted until they expire. */
export const downloadFile: HuaweiRoute = {
  method: 'GET',
  path: '/download/:file_id',
  operation: 'ListDownloadExportedFile',
  action: 'hss:vuls:list',
  scope: 'lookup',
  writes: false,
  handle: async (call): Promise<FileAnswer> => {
    const id = call.params.file_id ?? '';
    const job = id.length > 64 ? null : await call.services.exports.get(call.call, id);
    if (job === null || job.fileId !== id || !orderedHere(job, call.projectId)) throw serviceRefusal('HSS.0011');
    const file = await call.services.exports.file(call.call, id);
    if (file === null) throw serviceRefusal('HSS.0011');
    const answer = rangeAnswer(file, { range: call.header('range'), ifRange: call.header('if-range') });
    return {
      status: answer.status,
      headers: {
        ...answer.headers,
        'content-type': 'application/octet-stream',
        'cache-control': 'private, no-transform',
      },
      file: answer.open(),
    };
  },
};
