import type { FileBytes } from './file-bytes.ts';
import type { Problems } from './problems.ts';

const slotPageBytes = 4096;
const slotBytes = 16;
const blockBytes = 16;
const maxSlotPages = 2048;
/** The file's own header takes the place of the first two slots. */
const firstSlot = 2;

/** Header blobs of rpm's native database (`Packages.db`): a table of slots that point to blobs in blocks of 16 bytes. */
export function* ndbBlobs(file: FileBytes, problems: Problems): Generator<Buffer> {
  const header = file.read(0, 32);
  if (header?.toString('latin1', 0, 4) !== 'RpmP' || header.readUInt32LE(4) !== 0) {
    problems.add(file.length < 32 ? 'it is cut off' : 'it is no ndb database');
    return;
  }
  const slotPages = Math.min(header.readUInt32LE(12), maxSlotPages);
  if (slotPages < header.readUInt32LE(12)) problems.add('it has too many slot pages');
  // Blobs do not overlap: more bytes than the file has mean forged slots.
  let room = file.length;
  const slots = (slotPages * slotPageBytes) / slotBytes;
  for (let index = firstSlot; index < slots; index++) {
    const slot = file.read(index * slotBytes, slotBytes);
    if (slot === undefined) return problems.add('it is cut off');
    if (slot.toString('latin1', 0, 4) !== 'Slot') return problems.add('its slots are damaged');
    const id = slot.readUInt32LE(4);
    if (id === 0) continue;
    const start = slot.readUInt32LE(8) * blockBytes;
    const blob = blobAt(file, start, slot.readUInt32LE(12) * blockBytes, id);
    room -= blob?.length ?? 0;
    if (room < 0) return problems.add('its slots are damaged');
    if (blob === undefined) problems.add('it has damaged blobs');
    else yield blob;
  }
}

function blobAt(file: FileBytes, start: number, space: number, id: number): Buffer | undefined {
  const head = file.read(start, 16);
  if (head?.toString('latin1', 0, 4) !== 'BlbS' || head.readUInt32LE(4) !== id) return undefined;
  const length = head.readUInt32LE(12);
  return length + 28 > space ? undefined : file.read(start + 16, length);
}
