/** A figure with what was asked of it. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly floor?: number;
  readonly goal?: number;
  /** The kernel that gave the figure. */
  readonly kernel?: string;
  readonly microseconds?: number;
}

/** Prints rows as one JSON object on one line, or as a table to read. */
export function report(bench: string, host: string, rows: readonly Row[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ bench, host, commit: process.env['FACET_COMMIT'] ?? 'unknown', rows: rows.map((row) => ({ ...row, value: round(row.value) })) }));
    return;
  }
  console.log(`${bench} on ${host}`);
  for (const { name, value, unit, better, floor, goal, kernel, microseconds } of rows) {
    const wanted = floor === undefined ? '' : `  (floor ${floor}, goal ${goal}${missed(value, floor, better) ? ': MISSED' : ''})`;
    const time = microseconds === undefined ? '' : `, ${round(microseconds)} us`;
    console.log(`  ${name}: ${round(value)} ${unit}${time}${wanted}${kernel ? `\n      ${kernel}` : ''}`);
  }
}

function missed(value: number, floor: number, better: Row['better']): boolean {
  return better === 'higher' ? value < floor : value > floor;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
