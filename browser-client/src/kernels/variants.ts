/** Ways to make a product of one row: rounded activations in wide workgroups, the same in narrow ones, floats. */
export const MATVEC_VARIANTS = ['packed', 'narrow', 'float'] as const;
/** Ways to make a product of many rows: large tiles, of which few fit a core at once, and small ones. */
export const MATMUL_VARIANTS = ['large', 'small'] as const;

/**
 * How a device's products are made. Each way gives the same numbers up to rounding; which one is fastest depends on what
 * pages cannot ask for: registers, caches, whether packed products are an instruction or many.
 */
export interface KernelVariants {
  readonly matvec: (typeof MATVEC_VARIANTS)[number];
  readonly matmul: (typeof MATMUL_VARIANTS)[number];
}

/** What won on the devices that have been measured. */
export const USUAL_VARIANTS: KernelVariants = { matvec: 'packed', matmul: 'large' };

/** The ways that a device has, and which of them are used from now on. */
export interface VariantChoice {
  readonly matvec: readonly KernelVariants['matvec'][];
  readonly matmul: readonly KernelVariants['matmul'][];
  use(variants: KernelVariants): void;
}

export function isVariants(found: Partial<Record<keyof KernelVariants, unknown>> | null | undefined): found is KernelVariants {
  const among = (names: readonly unknown[], name: unknown) => names.includes(name);
  return among(MATVEC_VARIANTS, found?.matvec) && among(MATMUL_VARIANTS, found?.matmul);
}
