/** Names of Linux capabilities by bit (capability.h). */
const names: readonly string[] = [
  ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw', 'ipc_lock', 'ipc_owner'],
  ...['sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct', 'sys_admin', 'sys_boot', 'sys_nice'],
  ...['sys_resource', 'sys_time', 'sys_tty_config', 'mknod', 'lease', 'audit_write', 'audit_control', 'setfcap'],
  ...['mac_override', 'mac_admin', 'syslog', 'wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf'],
  ...['checkpoint_restore'],
];

/** With one of these a program becomes root or reads everything. */
export const rootLike: ReadonlySet<string> = new Set([
  ...['sys_admin', 'setuid', 'setgid', 'dac_override', 'dac_read_search', 'sys_ptrace', 'sys_module', 'sys_rawio'],
  ...['setfcap', 'setpcap', 'chown', 'fowner', 'mknod', 'bpf', 'sys_boot', 'mac_admin', 'mac_override', 'sys_chroot'],
  ...['net_admin', 'checkpoint_restore'],
]);

/** Capabilities of one file, by name without `cap_`; bits without a name as their number. */
export interface FileCapabilities {
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  readonly effective: boolean;
}

/**
 * Reads the binary form of `security.capability`: little-endian, revision in the highest byte of the first word, then
 * pairs of permitted and inheritable words (one in revision 1, two in 2 and 3); revision 3 adds the root of a namespace.
 * @returns undefined when the bytes are something else
 */
export function readCapabilities(value: Uint8Array): FileCapabilities | undefined {
  const data = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (data.length < 12) return undefined;
  const magic = data.readUInt32LE(0);
  const revision = magic >>> 24;
  const length = { 1: 12, 2: 20, 3: 24 }[revision];
  if (length === undefined || data.length !== length) return undefined;
  const bits = (at: number): string[] => {
    const low = data.readUInt32LE(at);
    const high = revision === 1 ? 0 : data.readUInt32LE(at + 8);
    return [...bitsOf(low, 0), ...bitsOf(high, 32)].map((bit) => names[bit] ?? String(bit));
  };
  return { permitted: bits(4), inheritable: bits(8), effective: (magic & 1) !== 0 };
}

function bitsOf(word: number, from: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => ((word >>> bit) & 1) !== 0)
    .map((bit) => bit + from);
}
