/** Rows of a CSV text by RFC 4180; the byte-order mark in front is no part of the first cell. @throws Error on what it forbids */
export function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const body = text.replace(/^\ufeff/, '');
  for (let at = 0; at < body.length; ) {
    let cell = '';
    if (body[at] === '"') {
      at++;
      for (;;) {
        const end = body.indexOf('"', at);
        if (end < 0) throw new Error('a quoted cell does not end');
        cell += body.slice(at, end);
        at = end + 1;
        if (body[at] !== '"') break;
        cell += '"';
        at++;
      }
    } else {
      const end = /[,\r\n"]/.exec(body.slice(at))?.index ?? body.length - at;
      cell = body.slice(at, at + end);
      at += end;
    }
    row.push(cell);
    if (body[at] === ',') at++;
    else if (body.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`${JSON.stringify(body[at])} after a cell`);
  }
  if (row.length > 0) throw new Error('the last row does not end');
  return rows;
}
