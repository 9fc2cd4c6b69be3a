import type { Filter } from '../../../findings/index.ts';
import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import { type ExportJob, type ExportSpec, ServiceError } from '../../../service/index.ts';
import { type ActionContext, action } from '../action.ts';
import { invalid } from '../errors.ts';
import { choice, document, readInput, required, text, whole } from '../schema/parameter.ts';
import { parametersOf } from '../views/json-parameters.ts';
import { refusing } from '../views/refusing.ts';
import { filterOf, nothing, type Selection } from '../views/selection.ts';
import { findingFilters, findingSelection } from '../views/vulnerability-filters.ts';

/** Orders a workbook of findings; the file is written in the background. */
export const exportRecord = action({
  name: 'ExportRecord',
  level: 'read',
  tier: 1,
  summary: 'orders a workbook of findings (`imageVulExport`)',
  parameters: {
    ExportFileType: text(64),
    ExportType: required(choice('imageVulExport')),
    Lang: choice('zh', 'en'),
    Params: document(),
    ResourceDirectoryAccountId: whole(),
  },
  run: async (input, context) => {
    const selection = selectionOf(input.Params);
    const job = await order(
      {
        subject: 'findings',
        grain: 'finding',
        format: 'xlsx',
        ...filterOf(selection === nothing ? impossible : selection),
        ...(input.Lang === undefined ? {} : { language: input.Lang }),
        request: { operation: 'ExportRecord', ExportType: input.ExportType, Params: input.Params ?? null },
      },
      context,
    );
    return { FileName: job.fileName, Id: job.number };
  },
});

/** No image has this uuid, so the file has a head and no rows. */
const impossible: Filter = { field: 'image.uuid', op: 'in', values: ['-'] };

/** The filters of DescribeImageVulList; `Type` may be absent, and pages are ignored. */
function selectionOf(params: JsonValue | undefined): Selection {
  if (params === undefined) return undefined;
  if (!isJsonObject(params)) throw invalid('Params');
  const raw = parametersOf(params, 'Params');
  const { Type: _required, ...optional } = findingFilters;
  return findingSelection(readInput({ ...optional, Type: choice('cve', 'sca') }, raw));
}

async function order(spec: ExportSpec, { services, call }: ActionContext): Promise<ExportJob> {
  try {
    return await refusing('Params', services.exports.order(call, spec));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'too_many_rows') throw error;
    throw invalid('Params', 'The selection has more rows than a workbook holds; narrow it.');
  }
}
