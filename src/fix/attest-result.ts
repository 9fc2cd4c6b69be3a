import { Readable } from 'node:stream';
import type { ScanReport } from '../findings/index.ts';
import type { Digest, ManifestDocument } from '../image/index.ts';
import { messageOf } from '../kernel/index.ts';
import {
  type AttestationDocument,
  type AttestedRequest,
  buildProvenanceStatement,
  buildReferrer,
  buildSbomDocument,
  buildStatementDocument,
  buildVexStatement,
  type FixFacts,
} from './attest/index.ts';
import { readBlobBytes } from './blob-bytes.ts';
import type { FixRequest } from './contract.ts';
import type { BuiltImage, BuiltPart } from './image.ts';
import type { FixPart } from './part.ts';
import { referenceOf } from './report.ts';
import { outcomesOf, type RunState } from './state.ts';

/** A document and the manifests that it is attached to. */
interface Attachment {
  readonly document: AttestationDocument;
  readonly subjects: readonly ManifestDocument[];
}

/**
 * Stores the evidence beside the result (fix-engine.md §5.6). What cannot be stored is told as a diagnostic, or ends
 * the task where the policy requires the documents.
 */
export async function attestResult(state: RunState, image: BuiltImage): Promise<void> {
  for (const built of image.parts) {
    const part = state.parts.find(({ platform }) => platform === built.platform);
    const facts = part && (await factsOf(state, image, part, built));
    if (!facts) continue;
    for (const attachment of attachments(state, image, built, facts)) {
      for (const subject of attachment.subjects) await attach(state, attachment.document, subject);
    }
  }
}

function attachments(state: RunState, image: BuiltImage, built: BuiltPart, facts: FixFacts): readonly Attachment[] {
  const key = state.deps.signer?.privateKey;
  const pushed = image.index ? [built.document, image.index] : [built.document];
  const subjects = pushed.map(({ digest }) => ({ name: facts.result.reference, digest }));
  const list: Attachment[] = [];
  for (const kind of state.request.attach) {
    if (kind === 'sbom') list.push({ document: buildSbomDocument(facts.after), subjects: [built.document] });
    if (kind === 'vex') {
      list.push({ document: buildStatementDocument(buildVexStatement(facts, subjects), key), subjects: pushed });
    }
    if (kind === 'provenance') {
      list.push({ document: buildStatementDocument(buildProvenanceStatement(facts, subjects), key), subjects: pushed });
    }
  }
  return list;
}

async function attach(state: RunState, document: AttestationDocument, subject: ManifestDocument): Promise<void> {
  const { task, target, signal, request } = state;
  const { mediaType, digest, bytes } = subject;
  const referrer = buildReferrer(document, { mediaType, digest, size: bytes.length }, task.record.plannedAt);
  if (task.record.referrers.some((stored) => stored.digest === referrer.digest)) return;
  try {
    await task.effect('referrer-pushed', async () => {
      for (const blob of referrer.blobs) {
        await target.repository.putBlob(blob, async () => Readable.from([Buffer.from(blob.bytes)]), { signal });
      }
      await target.repository.putReferrer(referrer.bytes, referrer.mediaType, signal);
    });
  } catch (error) {
    signal.throwIfAborted();
    if (request.attachPolicy === 'required') throw error;
    const message = `a document (${referrer.artifactType}) could not be attached: ${messageOf(error)}`;
    state.diagnostics.push({ code: 'attach_failed', message });
    return;
  }
  const stored = { artifactType: referrer.artifactType, digest: referrer.digest };
  await task.update({ referrers: [...task.record.referrers, stored] });
}

async function factsOf(
  state: RunState,
  image: BuiltImage,
  part: FixPart,
  built: BuiltPart,
): Promise<FixFacts | undefined> {
  const { task, deps, request, signal } = state;
  const plan = state.plans.get(part.platform);
  const planDigest = task.part(part.platform).plan;
  const verification = state.verifications.get(part.platform);
  if (!plan || planDigest === null || !verification) return undefined;
  const outcomes = outcomesOf(state, part, undefined);
  const stored = await readBlobBytes(deps.blobs, verification.report, signal);
  return {
    task: task.record.id,
    version: deps.version,
    source: { reference: request.reference, digest: part.image.document.digest, platform: part.platform },
    result: { reference: referenceOf(task.record.target), digest: built.document.digest },
    request: attestedRequest(request, [...new Set(outcomes.map(({ id }) => id))].sort()),
    plan,
    planDigest,
    outcomes,
    before: verification.before,
    after: JSON.parse(stored.toString('utf8')) as ScanReport,
    rescanDigest: verification.report,
    dropped: await droppedOf(state, image, part),
    startedAt: task.record.plannedAt,
    finishedAt: task.record.plannedAt,
  };
}

/** What was attached to the source and could not verify on the result; it is linked, not copied. */
async function droppedOf(state: RunState, image: BuiltImage, part: FixPart): Promise<readonly Digest[]> {
  const { opened, signal } = state;
  let attached: readonly { readonly digest: Digest }[] = [];
  try {
    attached = (await opened.repository?.referrers(part.image.document.digest, signal)) ?? [];
  } catch (error) {
    signal.throwIfAborted();
    state.diagnostics.push({
      code: 'referrers_unknown',
      message: `what is attached to the source: ${messageOf(error)}`,
    });
  }
  return [...new Set([...attached, ...image.dropped].map(({ digest }) => digest))].sort();
}

function attestedRequest(request: FixRequest, requested: readonly string[]): AttestedRequest {
  const { selection } = request;
  return {
    selection: {
      allFixable: selection.kind === 'all-fixable',
      ids: selection.kind === 'ids' ? selection.ids : [],
      packages: selection.kind === 'packages' ? selection.names : [],
      severities: selection.kind === 'severities' ? selection.levels : [],
    },
    requested,
    strategy: request.strategy,
    gate: request.gate,
    pinned: [...request.pinned].sort(),
  };
}
