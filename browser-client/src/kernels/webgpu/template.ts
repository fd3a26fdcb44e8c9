import { FacetError } from '../../errors';

/** Whole numbers that a template is expanded with; 0 is false. */
export type Constants = Readonly<Record<string, number>>;

/**
 * Expands a WGSL template. Lines that start with `#` are directives: `#if EXPR`, `#elif EXPR`, `#else`, `#endif`, and
 * `#for NAME in EXPR` ... `#endfor`, which repeats its lines for NAME = 0 .. EXPR-1. `${EXPR}` in other lines becomes
 * the value of the expression: whole numbers, names, parentheses and the operators of C.
 *
 * @throws FacetError `kernel-invalid` naming the line that makes no sense
 */
export function expand(template: string, constants: Constants): string {
  const lines = template.split('\n');
  const out: string[] = [];
  expandBlock(lines, 0, lines.length, constants, out);
  return out.join('\n');
}

function expandBlock(lines: readonly string[], from: number, to: number, names: Constants, out: string[]): void {
  for (let at = from; at < to; at++) {
    const line = lines[at]!;
    const directive = /^\s*#(\w+)\s*(.*)$/.exec(line);
    if (!directive) out.push(line.replace(/\$\{([^}]*)\}/g, (_, text: string) => String(evaluate(text, names))));
    else if (directive[1] === 'if') at = expandChoice(lines, at, names, out);
    else if (directive[1] === 'for') at = expandLoop(lines, at, directive[2]!, names, out);
    else throw senseless(line);
  }
}

/** Expands the chosen branch of an `#if`; the index of its `#endif`. */
function expandChoice(lines: readonly string[], start: number, names: Constants, out: string[]): number {
  let at = start;
  let taken = false;
  for (;;) {
    const [, word, condition] = /^\s*#(\w+)\s*(.*)$/.exec(lines[at]!)!;
    if (word === 'endif') return at;
    const next = blockEnd(lines, at);
    if (!taken && (word === 'else' || evaluate(condition!, names) !== 0)) {
      taken = true;
      expandBlock(lines, at + 1, next, names, out);
    }
    at = next;
  }
}

/** Expands an `#for`; the index of its `#endfor`. */
function expandLoop(lines: readonly string[], start: number, head: string, names: Constants, out: string[]): number {
  const [, name, count] = /^(\w+) in (.+)$/.exec(head) ?? [];
  if (!name) throw senseless(lines[start]!);
  const end = blockEnd(lines, start);
  const times = evaluate(count!, names);
  for (let i = 0; i < times; i++) expandBlock(lines, start + 1, end, { ...names, [name]: i }, out);
  return end;
}

/** Index of the directive that ends the block which starts at `start`. */
function blockEnd(lines: readonly string[], start: number): number {
  let depth = 0;
  for (let at = start + 1; at < lines.length; at++) {
    const word = /^\s*#(\w+)/.exec(lines[at]!)?.[1];
    if (word === 'if' || word === 'for') depth++;
    else if (word && depth === 0) return at;
    else if (word === 'endif' || word === 'endfor') depth--;
  }
  throw senseless(lines[start]!);
}

/** Operators by how loosely they bind. */
const OPERATORS: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { '||': (a, b) => (a || b ? 1 : 0) },
  { '&&': (a, b) => (a && b ? 1 : 0) },
  { '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b) },
  { '<': (a, b) => Number(a < b), '>': (a, b) => Number(a > b), '<=': (a, b) => Number(a <= b), '>=': (a, b) => Number(a >= b) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => Math.floor(a / b), '%': (a, b) => a % b },
];

/** Value of an expression over `names`. */
export function evaluate(text: string, names: Constants): number {
  const tokens = text.match(/\d+|\w+|\|\||&&|[=!<>]=|[-+*/%<>!()]|\S/g) ?? [];
  let at = 0;
  const value = binary(0);
  if (at < tokens.length) throw senseless(text);
  return value;

  function binary(level: number): number {
    if (level === OPERATORS.length) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = OPERATORS[level]![tokens[at] ?? ''];
      if (!operator) return left;
      at++;
      left = operator(left, binary(level + 1));
    }
  }

  function unary(): number {
    const token = tokens[at++];
    if (token === '!') return Number(unary() === 0);
    if (token === '-') return -unary();
    if (token === '(') {
      const inner = binary(0);
      if (tokens[at++] !== ')') throw senseless(text);
      return inner;
    }
    const known = /^\d+$/.test(token ?? '') ? Number(token) : names[token ?? ''];
    if (known === undefined) throw senseless(text);
    return known;
  }
}

function senseless(text: string): FacetError {
  return new FacetError('kernel-invalid', `A kernel template cannot be expanded at "${text.trim()}".`);
}
