import fs from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

/** Mounting takes root, and Linux. */
export const canMount = process.getuid?.() === 0 && process.platform === 'linux';

/** A disk of its own for a folder, in memory, which can be filled. */
export class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async mount(folder: string, megabytes: number): Promise<SmallDisk> {
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', folder]);
    return new SmallDisk(folder);
  }

  get #filler(): string {
    return path.join(this.#folder, 'filler');
  }

  /** Leaves not a byte. */
  async fill(): Promise<void> {
    const file = await fs.open(this.#filler, 'w');
    for (const size of [1_048_576, 4096]) {
      const zeros = Buffer.alloc(size);
      while (await file.write(zeros).then(({ bytesWritten }) => bytesWritten === size, isFull));
    }
    await file.close();
  }

  async free(): Promise<void> {
    await fs.rm(this.#filler, { force: true });
  }

  async unmount(): Promise<void> {
    await execa('umount', ['--lazy', this.#folder]);
  }
}

function isFull(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
  throw error;
}
