import type { ModelSummary } from '../../../../src';
import * as format from '../../shared/format';
import { importFraction } from '../../shared/import-progress';

/** An entry of the model choice. */
export interface ModelOption {
  readonly id: string;
  readonly label: string;
  readonly usable: boolean;
}

/** Architectures that turn texts to vectors and have no prompt to continue. */
const TEXT_ENCODERS: ReadonlySet<string> = new Set(['bert']);

/** Architectures that need a picture beside the prompt. */
const WITH_PICTURES: ReadonlySet<string> = new Set(['llava']);

export function writesText({ architecture }: ModelSummary): boolean {
  return architecture === null || !(TEXT_ENCODERS.has(architecture) || WITH_PICTURES.has(architecture));
}

/** The first model that can compare texts. */
export function textEncoder(models: readonly ModelSummary[]): ModelSummary | undefined {
  return models.find(({ state, architecture }) => state === 'published' && TEXT_ENCODERS.has(architecture ?? ''));
}

/** The first model that looks at pictures. */
export function pictureModel(models: readonly ModelSummary[]): ModelSummary | undefined {
  return models.find(({ state, architecture }) => state === 'published' && WITH_PICTURES.has(architecture ?? ''));
}

/** Usable models first, then what is being imported or has failed, so that an operator sees where it stands. */
export function optionsOf(models: readonly ModelSummary[]): ModelOption[] {
  const options = models.filter(writesText).map((model) => ({
    id: model.id,
    label: labelOf(model),
    usable: isUsable(model),
  }));
  return [...options.filter((option) => option.usable), ...options.filter((option) => !option.usable)];
}

export function isUsable(model: ModelSummary): boolean {
  return model.state === 'published' && writesText(model);
}

/** Keeps the present choice while it is usable, else takes the remembered one, else the first usable model. */
export function chosenModel(models: readonly ModelSummary[], ...wanted: (string | null)[]): string | null {
  const usable = models.filter(isUsable).map((model) => model.id);
  return wanted.find((id) => id !== null && usable.includes(id)) ?? usable[0] ?? null;
}

export function importing(models: readonly ModelSummary[]): ModelSummary[] {
  return models.filter((model) => model.state === 'importing');
}

function labelOf(model: ModelSummary): string {
  if (model.state === 'importing') return `${model.id} (importing${importProgress(model)})`;
  if (model.state === 'failed') return `${model.id} (import failed)`;
  return model.id;
}

export function importProgress(model: ModelSummary): string {
  const fraction = importFraction(model);
  return fraction === null ? '' : `, ${format.percent(fraction)}`;
}

/** The precisions a model is stored at, in whole bits, fewest first: what a pin may ask for. */
export function storedBits(model: ModelSummary): number[] {
  const bits = model.points.map((point) => Number(/-(\d+)$/.exec(point.id)?.[1] ?? Math.floor(point.bodyBits)));
  return [...new Set(bits)].sort((a, b) => a - b);
}

/** One line about a model: `29.4 M weights, context 1,024, 3 sizes from 9.1 to 28.4 MB`. */
export function describe(model: ModelSummary): string {
  const facts: string[] = [];
  if (model.parameters !== null) facts.push(`${format.count(model.parameters)} weights`);
  if (model.contextLength !== null) facts.push(`context ${format.number(model.contextLength)}`);
  const sizes = model.points.map((point) => point.bytes);
  if (sizes.length === 1) facts.push(`one size, ${format.bytes(sizes[0]!)}`);
  if (sizes.length > 1) {
    facts.push(`${sizes.length} sizes, ${format.bytes(Math.min(...sizes))} to ${format.bytes(Math.max(...sizes))}`);
  }
  return facts.join(' · ');
}
