/**
 * Salsa20's core on one block of 16 words whose order is yescrypt's: shuffled so that diagonals lie side by side. The
 * result is added to the block (RFC 7914, section 3).
 */
export function salsa(words: Int32Array, at: number, rounds: number): void {
  for (let index = 0; index < 16; index++) state[(index * 5) & 15] = words[at + index] ?? 0;
  for (let round = 0; round < rounds; round += 2) {
    for (let column = 0; column < 4; column++) quarter(column * 5, column * 5 + 4, column * 5 + 8, column * 5 + 12);
    for (let row = 0; row < 4; row++) {
      const start = row * 4;
      quarter(start + row, start + ((row + 1) & 3), start + ((row + 2) & 3), start + ((row + 3) & 3));
    }
  }
  for (let index = 0; index < 16; index++)
    words[at + index] = (words[at + index] ?? 0) + (state[(index * 5) & 15] ?? 0);
}

const state = new Int32Array(16);

function quarter(first: number, second: number, third: number, fourth: number): void {
  const a = first & 15;
  const b = second & 15;
  const c = third & 15;
  const d = fourth & 15;
  state[b] = (state[b] ?? 0) ^ turned((state[a] ?? 0) + (state[d] ?? 0), 7);
  state[c] = (state[c] ?? 0) ^ turned((state[b] ?? 0) + (state[a] ?? 0), 9);
  state[d] = (state[d] ?? 0) ^ turned((state[c] ?? 0) + (state[b] ?? 0), 13);
  state[a] = (state[a] ?? 0) ^ turned((state[d] ?? 0) + (state[c] ?? 0), 18);
}

function turned(value: number, places: number): number {
  return (value << places) | (value >>> (32 - places));
}
