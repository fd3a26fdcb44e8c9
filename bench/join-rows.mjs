// Joins what several benches print with --json, a line each, in one object: that of the first, with the rows of all.
import { createInterface } from 'node:readline';

let joined = null;
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.startsWith('{')) continue;
  const { rows, ...head } = JSON.parse(line);
  joined = joined === null ? { ...head, rows } : { ...joined, rows: [...joined.rows, ...rows] };
}
console.log(JSON.stringify(joined));
