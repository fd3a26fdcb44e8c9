import type { Browser, JSHandle, Page } from 'playwright-core';
import type { GenerationStats, Model, Plan } from '../src/index';
import { watchPage } from '../playground/dev/browser.mjs';
import { writeGreedily, type WritingResult, type WritingTask } from './write-greedily';

/** Somebody with the playground open. Each visit is a session of its own. */
export class Visitor {
  readonly page: Page;
  /** Broken CSP rules and uncaught errors. */
  readonly complaints: string[];

  private constructor(page: Page, complaints: string[]) {
    this.page = page;
    this.complaints = complaints;
  }

  static async visit(browser: Browser, url: string): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const complaints = watchPage(page);
    await page.goto(url);
    await page.waitForFunction(() => (globalThis as { facet?: unknown }).facet !== undefined);
    return new Visitor(page, complaints);
  }

  /** Loads docs-29m with the page's own client, writes greedily from token ids and unloads. */
  async write(task: WritingTask): Promise<WritingResult> {
    return this.page.evaluate(writeGreedily, task);
  }

  /** Loads docs-29m as planned for this browser. */
  async load(): Promise<JSHandle<Model>> {
    return this.page.evaluateHandle(() => globalThis.facet!.load('docs-29m'));
  }

  /** One short generation, measured by the client as any other. */
  async measure(model: JSHandle<Model>, tokens: number): Promise<{ plan: Plan; stats: GenerationStats }> {
    return model.evaluate(async (loaded, maxTokens) => {
      const pieces = loaded.generate('# vector class\n\n', { maxTokens, greedy: true, ignoreEos: true });
      let next = await pieces.next();
      while (!next.done) next = await pieces.next();
      return { plan: loaded.plan, stats: next.value };
    }, tokens);
  }

  /** Closes the page as a person would, so that it sends what it has measured. */
  async leave(): Promise<void> {
    await this.page.close({ runBeforeUnload: true });
    await this.page.context().close();
  }
}
