import type { Pin, Plan } from '../src/index';

/** What a visit wrote. */
export interface Written {
  readonly ids: number[];
  readonly text: string;
}

export interface WritingTask {
  /** Token ids to begin with, one text each. */
  readonly prompts: readonly (readonly number[])[];
  readonly tokens: number;
  readonly pin?: Pin | undefined;
}

export interface WritingResult {
  readonly plan: Plan;
  readonly written: Written[];
}

/** Runs in the playground's page: loads docs-29m with the page's own client, writes greedily and unloads. */
export async function writeGreedily({ prompts, tokens, pin }: WritingTask): Promise<WritingResult> {
  const model = await globalThis.facet!.load('docs-29m', pin ? { pin } : {});
  const written: Written[] = [];
  for (const ids of prompts) {
    const out = { ids: [] as number[], text: '' };
    const options = { ids, maxTokens: tokens, greedy: true, returnTokenIds: true, ignoreEos: true };
    for await (const piece of model.generate('', options)) {
      out.text += piece.text;
      out.ids.push(...(piece.ids ?? []));
    }
    written.push(out);
  }
  const plan = model.plan;
  await model.unload();
  return { plan, written };
}
