import { type Platform, parsePlatform } from '../image/index.ts';
import { messageOf } from '../kernel/index.ts';
import { UsageError } from './output/errors.ts';

/**
 * The platforms behind `--platform`: repeated options and comma-separated values mean the same; undefined when the
 * user left the choice to the image. @throws UsageError
 */
export function parsePlatforms(texts: readonly string[] | undefined): 'all' | readonly Platform[] | undefined {
  const wanted = (texts ?? []).flatMap((text) => text.split(',')).filter((text) => text !== '');
  if (wanted.length === 0) return undefined;
  if (wanted.includes('all')) return 'all';
  try {
    return wanted.map(parsePlatform);
  } catch (error) {
    throw new UsageError(messageOf(error), 'Write os/architecture[/variant], for example linux/arm64, or all.');
  }
}
