/** A prompt that suits a completion model trained on programming documentation. */
export interface Example {
  readonly name: string;
  readonly prompt: string;
}

export const EXAMPLES: readonly Example[] = Object.freeze([
  { name: 'C++ class', prompt: 'The std::unique_ptr class ' },
  { name: 'Reference page', prompt: '# vector class\n\n' },
  { name: 'PowerShell', prompt: 'Get-ChildItem returns' },
  { name: 'How-to', prompt: 'To compile the program, open' },
  { name: 'Rust', prompt: '# Error handling in Rust\n\nA function that can fail returns a `Result`' },
  { name: 'Syntax', prompt: 'Use the following syntax to declare a pointer' },
]);
