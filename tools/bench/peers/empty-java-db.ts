import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Trivy does not look at jars without its table of their hashes, which is downloaded. An empty one lets it read what the
 * jars say of themselves, as this program does.
 */
export function writeEmptyJavaDb(cacheDirectory: string): void {
  const directory = join(cacheDirectory, 'java-db');
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, 'trivy-java.db'));
  database.exec(`CREATE TABLE IF NOT EXISTS artifacts (id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);
    CREATE TABLE IF NOT EXISTS indices (artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT)`);
  database.close();
  const times = {
    NextUpdate: '2099-01-01T00:00:00Z',
    UpdatedAt: '2026-01-01T00:00:00Z',
    DownloadedAt: '2026-01-01T00:00:00Z',
  };
  writeFileSync(join(directory, 'metadata.json'), JSON.stringify({ Version: 1, ...times }));
}
