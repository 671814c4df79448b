import { undo } from './journal.ts';

/**
 * The watchdog of `changeTree`, run as a process of its own: waits on a pipe from the process that
 * changes a folder, and undoes the change when the pipe closes without the word "done".
 */
const folder = process.argv[2];
let said = '';
process.stdin.on('data', (data) => {
  said += String(data);
});
process.stdin.on('end', () => {
  if (folder !== undefined && !said.startsWith('done')) undo(folder);
});
