/** Where something was found as people write it: `/srv/a.zip!/b.php`; `config:Env` and `history:3`, which are no files, as they are. */
export function placeInImage(path: string, member: string | null = null): string {
  const place = /^(config|history):/.test(path) ? path : `/${path}`;
  return member === null ? place : `${place}!/${member}`;
}
