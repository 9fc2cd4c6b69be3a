/** Whether a process with this id runs on this machine, whoever owns it. It may be another one that got the id since. */
export function isProcessRunning(pid: number): boolean {
  // Zero and negative numbers would name groups of processes.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
