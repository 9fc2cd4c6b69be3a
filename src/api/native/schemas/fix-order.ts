import { z } from 'zod';
import type { FixOrder } from '../../../service/index.ts';
import { NativeError } from '../errors.ts';
import { present, uuidParam } from './common.ts';
import { named } from './named.ts';

/** An order to fix one image. */
export const fixOrderSchema = named(
  'FixOrder',
  z.strictObject({
    image: uuidParam.describe('uuid'),
    records: z.array(z.number().int().positive()).min(1).max(5000).optional().describe('`recordId` of findings'),
    vulnerabilities: z.array(z.string().min(1).max(500)).min(1).max(5000).optional(),
    allFixable: z.literal(true).optional(),
    newTag: z
      .string()
      .regex(/^\w[\w.-]{0,127}$/)
      .optional()
      .describe('`<tag>_fix_<ms>` unless given'),
    strategy: z.enum(['all-or-nothing', 'best-effort']).optional().describe('`all-or-nothing` unless given'),
  }),
);

/** The order of a request. @param field name of the input, for refusals @throws NativeError `invalid_field` */
export function fixOrderOf(order: z.output<typeof fixOrderSchema>, field: string): FixOrder {
  const { records, vulnerabilities, allFixable } = order;
  if ([records, vulnerabilities, allFixable].filter((one) => one !== undefined).length !== 1) {
    throw new NativeError('invalid_field', 'Give exactly one of records, vulnerabilities and allFixable', {
      ...(field !== '' && { field }),
    });
  }
  const select =
    records !== undefined ? { records } : vulnerabilities !== undefined ? { vulnerabilities } : 'all-fixable';
  return {
    imageUuid: order.image,
    select,
    strategy: order.strategy ?? 'all-or-nothing',
    ...present({ newTag: order.newTag }),
  };
}

/** An order as a caller may post it again. */
export function fixOrderJson({ imageUuid, select, newTag, strategy }: FixOrder) {
  const selected =
    select === 'all-fixable'
      ? { allFixable: true as const }
      : 'records' in select
        ? { records: select.records }
        : { vulnerabilities: select.vulnerabilities };
  return { image: imageUuid, ...selected, ...present({ newTag }), strategy };
}
