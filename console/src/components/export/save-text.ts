<<<<<<< HEAD
/** Hands a text that the page has to the browser as a file. */
export function saveText(name: string, text: string, type = 'text/plain'): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
=======
/** Hands a text that the page made itself to the browser as a file. */
export function saveText(name: string, text: string, type = 'text/plain;charset=utf-8'): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
>>>>>>> c5
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
<<<<<<< HEAD
  // Browsers read the address after the click has been handled.
=======
  // The browser reads it after this turn.
>>>>>>> c5
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
