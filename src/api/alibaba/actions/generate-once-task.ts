import { isJsonObject, type JsonValue } from '../../../kernel/index.ts';
import { action } from '../action.ts';
import { invalid } from '../errors.ts';
import { choice, document, readInput, required, text } from '../schema/parameter.ts';
import { parametersOf } from '../views/json-parameters.ts';
import { scanFilters, scanSelection } from '../views/scan-filters.ts';
import { doneOf, imageScan } from '../views/scan-task.ts';

/** Starts a scan by its general name; `Param` holds the filters of PublicCreateImageScanTask. */
export const generateOnceTask = action({
  name: 'GenerateOnceTask',
  level: 'write',
  tier: 2,
  summary: 'starts a scan (task type IMAGE_SCAN only)',
  parameters: {
    TaskType: required(choice(imageScan)),
    TaskName: required(choice(imageScan)),
    Param: required(document()),
    Source: text(64),
  },
  run: async (input, { services, call }) => {
    const selection = scanSelection(readInput(scanFilters, parametersOf(object(input.Param), 'Param')));
    const source = input.Source ?? 'openapi';
    const last = await services.scans.page(call, { kind: 'image_scan', page: { offset: 0, limit: 1 } });
    const task = await services.scans.start(call, { ...selection, source, force: true });
    if (task === null) return { CanCreate: false, LastTask: last.rows[0]?.id };
    return {
      CanCreate: true,
      CollectTime: task.createdAt,
      FinishCount: doneOf(task),
      LastTask: last.rows[0]?.id,
      TaskId: task.id,
      TotalCount: task.total,
    };
  },
});

function object(value: JsonValue): Parameters<typeof parametersOf>[0] {
  if (!isJsonObject(value)) throw invalid('Param');
  return value;
}
