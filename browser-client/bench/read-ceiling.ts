import type { Stopwatch } from './stopwatch';

const SHADER = `
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> sink: array<u32>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  var folded = vec4u(0u);
  for (var i = id.x; i < arrayLength(&source); i += workgroups.x * 256u) {
    folded ^= source[i];
  }
  sink[id.x] = folded.x ^ folded.y ^ folded.z ^ folded.w;
}`;

const WORKGROUPS = 4224;
const COPIES = 4;

/** How fast a kernel that does nothing but read can read: what others are compared with. */
export class ReadCeiling {
  readonly #watch: Stopwatch;
  readonly #bytes: number;
  readonly #pipeline: GPUComputePipeline;
  readonly #groups: readonly GPUBindGroup[];

  /** @param bytes of each of four buffers, more than any cache holds */
  constructor(device: GPUDevice, watch: Stopwatch, bytes: number) {
    this.#watch = watch;
    this.#bytes = bytes;
    this.#pipeline = device.createComputePipeline({
      layout: 'auto', compute: { module: device.createShaderModule({ code: SHADER }), entryPoint: 'main' },
    });
    const storage = (size: number) => device.createBuffer({ size, usage: GPUBufferUsage.STORAGE });
    const sink = storage(WORKGROUPS * 256 * 4);
    this.#groups = Array.from({ length: COPIES }, () => device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [storage(bytes), sink].map((buffer, binding) => ({ binding, resource: { buffer } })),
    }));
  }

  /** Gigabytes a second, after reading for at least `ms`: an idle device takes a while to raise its clock. */
  async measure(ms: number): Promise<number> {
    const end = performance.now() + ms;
    let nanoseconds = 0;
    do nanoseconds = await this.#watch.median((pass) => this.#read(pass));
    while (performance.now() < end);
    return (this.#bytes * COPIES) / nanoseconds;
  }

  #read(pass: GPUComputePassEncoder): void {
    pass.setPipeline(this.#pipeline);
    for (const group of this.#groups) {
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(WORKGROUPS);
    }
  }
}
