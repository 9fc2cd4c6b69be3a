/**
 * The only script of the page: it makes the headings of tables sort and adds a box that filters rows. Everything is
 * there to read without it. Sorting without a script would need one copy of each table per column, or rows that style
 * sheets reorder, which screen readers and copies of text do not follow; so this one is allowed, by its hash in the
 * content security policy, and nothing else can run. It handles texts as texts and never as markup.
 */
export const pageScript = `
'use strict';
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    const key = cell.dataset.key;
    return key === undefined ? cell.textContent.trim() : Number(key);
  };
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const sign = down ? -1 : 1;
      const keyed = Array.from(body.rows, (row) => ({ row, key: keyOf(row, column) }));
      const order = new Intl.Collator('en', { numeric: true });
      keyed.sort((a, b) => sign * (typeof a.key === 'number' ? a.key - b.key : order.compare(a.key, b.key)));
      body.append(...keyed.map((entry) => entry.row));
    });
  });
  if (rows.length < 10) continue;
  const find = document.createElement('input');
  find.type = 'search';
  find.className = 'find';
  find.placeholder = 'Filter rows';
  find.setAttribute('aria-label', 'Filter rows');
  find.addEventListener('input', () => {
    const wanted = find.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  table.parentElement.before(find);
}
`;
