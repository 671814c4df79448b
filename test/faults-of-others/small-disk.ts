import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

/** Whether a disk can be made: that takes root, and a system that lets it mount. */
export const hasDisks = process.getuid?.() === 0 && (await canMount());

/** A disk of its own, so small that it can be filled to its last byte. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(megabytes: number): Promise<SmallDisk> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-disk-'));
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=777`, 'tmpfs', folder]);
    return new SmallDisk(folder);
  }

  get #ballast(): string {
    return path.join(this.folder, 'ballast');
  }

  async fill(): Promise<void> {
    const file = await fs.open(this.#ballast, 'a');
    try {
      for (const bytes of [1_048_576, 4096]) while (await writes(file, Buffer.alloc(bytes)));
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await fs.rm(this.#ballast);
  }

  async dispose(): Promise<void> {
    // What was ended a moment ago may still have files open.
    await execa('umount', ['--lazy', this.folder]);
    await fs.rm(this.folder, { recursive: true, force: true });
  }
}

/** @returns whether there was room for it. */
async function writes(file: fs.FileHandle, bytes: Buffer): Promise<boolean> {
  try {
    const { bytesWritten } = await file.write(bytes);
    return bytesWritten === bytes.length;
  } catch {
    return false;
  }
}

async function canMount(): Promise<boolean> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'create-service-disk-'));
  const { failed } = await execa('mount', ['-t', 'tmpfs', 'tmpfs', folder], { reject: false });
  if (!failed) await execa('umount', [folder]);
  await fs.rm(folder, { recursive: true, force: true });
  return !failed;
}
