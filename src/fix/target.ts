import type { ImageRepository, OpenedReference } from '../image/index.ts';
import type { FixDeps, FixRequest, OpenedTarget } from './contract.ts';
import { FixError } from './errors.ts';

/** Where the result goes, opened. */
export interface ResolvedTarget extends AsyncDisposable {
  readonly repository: ImageRepository;
  readonly tag: string;
  /** True when the result goes into the repository of the source, where the base layers are already. */
  readonly sameRepository: boolean;
}

/** Prefix of tags that keep a manifest alive while it is being verified; users cannot ask for it. */
export const temporaryTagPrefix = 'drydock-tmp-';

const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** @throws FixError `invalid_tag` unless the text is a tag by the grammar of the distribution specification */
export function checkTag(tag: string): string {
  if (tagGrammar.test(tag) && !tag.startsWith(temporaryTagPrefix)) return tag;
  throw new FixError('invalid_tag', `not a usable tag: ${JSON.stringify(tag.slice(0, 140))}`, {
    hint: 'a tag has 1 to 128 letters, digits, dots, dashes and underscores, and starts with none of . and -',
  });
}

/**
 * Decides repository and tag of the result before anything is read of the image.
 * @throws FixError `invalid_tag`, `output_required`, `unusable_request`
 */
export async function resolveTarget(
  request: FixRequest,
  opened: OpenedReference,
  deps: Pick<FixDeps, 'openTarget'>,
  signal: AbortSignal,
): Promise<ResolvedTarget> {
  const tag = checkTag(tagOf(request, opened));
  if (request.output === undefined && opened.repository === undefined) {
    throw new FixError('output_required', `nothing can be written to ${request.reference}`, {
      hint: 'say where the result goes, for example --output oci:DIR',
    });
  }
  const other: OpenedTarget | undefined =
    request.output === undefined ? undefined : await deps.openTarget(request.output, signal);
  const repository = other?.repository ?? opened.repository;
  if (!repository) throw new FixError('internal', 'no repository to write to');
  const sameRepository = repository.name === opened.repository?.name;
  try {
    refuseSourceTag(request, opened, tag, sameRepository);
  } catch (error) {
    await other?.[Symbol.asyncDispose]();
    throw error;
  }
  return {
    repository,
    tag,
    sameRepository,
    async [Symbol.asyncDispose]() {
      await other?.[Symbol.asyncDispose]();
    },
  };
}

function tagOf(request: FixRequest, opened: OpenedReference): string {
  if ('tag' in request.target) return request.target.tag;
  if (opened.tag !== undefined) return opened.tag + request.target.suffix;
  throw new FixError('unusable_request', 'a suffix needs a source that was named by a tag', {
    hint: 'name the result with --tag TAG',
  });
}

function refuseSourceTag(request: FixRequest, opened: OpenedReference, tag: string, sameRepository: boolean): void {
  if (!sameRepository || tag !== opened.tag || request.overwrite !== 'never') return;
  throw new FixError('invalid_tag', `the tag ${tag} is that of the source image`, {
    hint: 'choose another tag, or allow the source tag to be moved with --overwrite always',
  });
}
