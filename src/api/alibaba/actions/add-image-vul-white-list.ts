import { type ActionContext, action } from '../action.ts';
import { choice, document, required, text } from '../schema/parameter.ts';
import { successEnvelope } from '../views/envelope.ts';
import { refusing } from '../views/refusing.ts';
import {
  decisionProjects,
  decisionSource,
  existingDecision,
  scopeOf,
  type WhitelistEntry,
  whitelistEntries,
} from '../views/whitelist.ts';

/** Accepts vulnerabilities, everywhere or in some repositories. Repeating it changes the reason and adds nothing. */
export const addImageVulWhiteList = action({
  name: 'AddImageVulWhiteList',
  level: 'write',
  tier: 1,
  summary: 'accepts vulnerabilities',
  parameters: {
    Lang: choice('zh', 'en'),
    Reason: text(4096),
    Source: choice('image', 'agentless'),
    Target: document(),
    Type: choice('cve', 'sca'),
    Whitelist: required(document()),
  },
  run: async (input, context) => {
    const entries = whitelistEntries(input.Whitelist, input.Type);
    const scope = scopeOf(input.Target);
    // There are no scans without agents here, so there is nothing such an entry could accept.
    if (input.Source === 'agentless') return { ...successEnvelope, Data: false };
    for (const entry of entries) await accept(entry, scope, input.Reason ?? '', context);
    return { ...successEnvelope, Data: true };
  },
});

async function accept(
  entry: WhitelistEntry,
  scope: ReturnType<typeof scopeOf>,
  reason: string,
  context: ActionContext,
): Promise<void> {
  const { services, call } = context;
  for (const projectId of decisionProjects(context)) {
    const wanted = { kind: 'whitelist', findingKind: entry.kind, scope, projectId } as const;
    const existing = await existingDecision({ ...wanted, vulnerability: entry.name }, context);
    if (existing !== undefined) {
      if (existing.reason !== reason) await services.decisions.update(call, existing.id, { reason });
      continue;
    }
    await refusing(
      'Whitelist',
      services.decisions.add(call, {
        ...wanted,
        vulnerabilities: [entry.name],
        reason,
        expiresAt: null,
        expiresWhen: 'none',
        source: decisionSource,
        title: entry.title,
      }),
      { scope: 'Target', reason: 'Reason' },
    );
  }
}
