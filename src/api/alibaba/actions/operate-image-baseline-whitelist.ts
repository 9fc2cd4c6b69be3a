import type { DecisionScope } from '../../../service/index.ts';
import { type ActionContext, action } from '../action.ts';
import { invalid } from '../errors.ts';
import { choice, commaList, listOf, required, text } from '../schema/parameter.ts';
import { refusing } from '../views/refusing.ts';
import { decisionProjects, decisionSource, existingDecision } from '../views/whitelist.ts';

/** Accepts baseline items for one image or everywhere, or takes that back. */
export const operateImageBaselineWhitelist = action({
  name: 'OperateImageBaselineWhitelist',
  level: 'write',
  tier: 1,
  summary: 'accepts baseline items, or takes that back',
  parameters: {
    BaselineItemKeyList: required(commaList(100)),
    ImageUuid: text(64),
    Lang: choice('zh', 'en'),
    Operation: required(choice('add', 'del')),
    ScanRange: listOf('image', 'container'),
  },
  run: async (input, context) => {
    if (!input.BaselineItemKeyList.every((key) => /^[\w.:-]{1,256}$/.test(key))) throw invalid('BaselineItemKeyList');
    if (input.ImageUuid !== undefined) {
      const known = await context.services.images.byUuids(context.call, [input.ImageUuid]);
      if (known.length === 0) throw invalid('ImageUuid');
    }
    const scope: DecisionScope =
      input.ImageUuid === undefined ? { kind: 'global' } : { kind: 'images', uuids: [input.ImageUuid] };
    const change = input.Operation === 'add' ? accept : withdraw;
    for (const key of input.BaselineItemKeyList) {
      for (const projectId of decisionProjects(context)) await change(key, scope, projectId, context);
    }
    return {};
  },
});

const wanted = (
  vulnerability: string,
  scope: DecisionScope,
  projectId: number | null,
): Parameters<typeof existingDecision>[0] => ({ kind: 'baseline', vulnerability, findingKind: null, scope, projectId });

async function accept(
  key: string,
  scope: DecisionScope,
  projectId: number | null,
  context: ActionContext,
): Promise<void> {
  if ((await existingDecision(wanted(key, scope, projectId), context)) !== undefined) return;
  await refusing(
    'BaselineItemKeyList',
    context.services.decisions.add(context.call, {
      kind: 'baseline',
      vulnerabilities: [key],
      findingKind: null,
      scope,
      projectId,
      reason: '',
      expiresAt: null,
      expiresWhen: 'none',
      source: decisionSource,
      title: null,
    }),
  );
}

async function withdraw(
  key: string,
  scope: DecisionScope,
  projectId: number | null,
  context: ActionContext,
): Promise<void> {
  const existing = await existingDecision(wanted(key, scope, projectId), context);
  if (existing === undefined) return;
  await context.services.decisions.revoke(context.call, [existing.id]);
}
