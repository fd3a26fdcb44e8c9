import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Sizes of shards by the row they are measured in, and how many there are of each. */
const CLASSES = {
  '1-8 MiB': { sizes: [1 * MIB, 2 * MIB, 4 * MIB, 8 * MIB], each: 2 },
  '64 KiB': { sizes: [64 * KIB], each: 64 },
  '4 KiB': { sizes: [4 * KIB], each: 64 },
};

/**
 * Fills a blob folder with random shards.
 *
 * @param {string} folder
 * @returns {Promise<Record<string, string[]>>} paths by class
 */
export async function writeBlobs(folder) {
  const paths = {};
  for (const [name, { sizes, each }] of Object.entries(CLASSES)) {
    paths[name] = [];
    for (const size of sizes) {
      for (let i = 0; i < each; i++) paths[name].push(`/v1/shards/${await write(folder, randomBytes(size))}`);
    }
  }
  return paths;
}

async function write(folder, content) {
  const digest = createHash('sha256').update(content).digest('hex');
  await mkdir(join(folder, digest.slice(0, 2)), { recursive: true });
  await writeFile(join(folder, digest.slice(0, 2), digest), content);
  return digest;
}
