import type { FacetErrorCode } from '../errors';
import type { Pin, Plan } from '../transport/wire';

/** Ways in which a graphics device fails that another device, or a smaller load, may not. */
const MAY_PASS: ReadonlySet<FacetErrorCode> = new Set(['device-lost', 'out-of-memory']);
/** Ways in which it would fail again. */
const WILL_STAY: ReadonlySet<FacetErrorCode> = new Set(['numeric-failure', 'kernel-invalid', 'no-backend']);
/** The least context that the service plans. */
const LEAST_CONTEXT = 64;

/**
 * What to ask for after a backend failed, best first: the graphics device once more with half the context, where that is
 * enough; the same precision on WASM; whatever WASM holds. Empty where no other plan would help.
 *
 * @param tokens that the context has to hold
 * @param again whether the graphics device deserves another try
 */
export function fallbackPins(code: FacetErrorCode, plan: Plan, tokens: number, again: boolean): Pin[] {
  if (plan.backend !== 'webgpu' || !(MAY_PASS.has(code) || WILL_STAY.has(code))) return [];
  const bits = nominalBits(plan);
  const maxContext = Math.max(LEAST_CONTEXT, tokens, Math.ceil(plan.contextLength / 2));
  const smaller: Pin[] = again && MAY_PASS.has(code) && maxContext < plan.contextLength ? [{ backend: 'webgpu', bits, maxContext }] : [];
  return [...smaller, { backend: 'wasm', bits, maxContext: plan.contextLength }, { backend: 'wasm' }];
}

/** The figure that the planner knows a point by: the one at the end of its name. */
function nominalBits({ point }: Plan): number {
  const [, figure] = /-(\d+(?:\.\d+)?)$/.exec(point.id) ?? [];
  return figure === undefined ? Math.floor(point.bodyBits) : Number(figure);
}
