import { BASE_DEPTH, MAX_DEPTH } from '../codec/layout';
import { FacetError } from '../errors';
import type {
  Activation, BundleManifest, DecoderTraits, EncoderActivation, EncoderShape, Frame, LinearLayer, ModelConfig, Segment, TensorEntry,
  TextEncoderConfig, VisionConfig,
} from './wire';

const ACTIVATIONS: readonly Activation[] = ['silu', 'gelu-tanh'];
const ENCODER_ACTIVATIONS: readonly EncoderActivation[] = ['gelu', 'gelu-tanh', 'quick-gelu'];
const LINEAR_LAYERS: readonly LinearLayer[] = ['query', 'key', 'value', 'output', 'gate', 'up', 'down'];
const TRAITS: ReadonlySet<string> = new Set<keyof DecoderTraits>([
  'activation', 'biases', 'qkNorm', 'postNorms', 'windows', 'windowRopeTheta', 'rotaryDims', 'attentionSoftcap', 'finalSoftcap',
]);
const DIGEST = /^[0-9a-f]{64}$/;
/** No frame is larger than this: shards are cut at 4 MiB, tokenizers and dense tensors stay well below. */
const LARGEST_FRAME = 256 * 2 ** 20;

/**
 * Reads a manifest and checks everything that later code takes for granted, so that nothing half-right is fetched.
 *
 * @throws FacetError `manifest-invalid`, with the place in the message
 */
export function parseManifest(body: Uint8Array, id: string): BundleManifest {
  let manifest: BundleManifest;
  try {
    manifest = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new FacetError('manifest-invalid', 'The manifest is not JSON.', { cause: error });
  }
  require(manifest?.format === 'facet-bundle/1', `format ${manifest?.format} is not known`);
  require(manifest.id === id, `it is of bundle ${manifest.id}, not ${id}`);
  checkConfig(manifest.config);
  require(isList(manifest.frames) && isList(manifest.tensors), 'frames or tensors are missing');
  manifest.frames.forEach(checkFrame);
  manifest.tensors.forEach((tensor) => checkTensor(tensor, manifest.frames));
  checkTokenizer(manifest);
  checkRuntime(manifest);
  return manifest;
}

function checkConfig(config: ModelConfig): void {
  require(typeof config?.architecture === 'string', 'config.architecture is missing');
  const counts = ['hiddenSize', 'layers', 'heads', 'kvHeads', 'headDim', 'intermediateSize', 'vocabSize', 'contextLength'] as const;
  for (const name of counts) require(isCount(config[name]), `config.${name} is not a positive number`);
  require(config.heads % config.kvHeads === 0, 'config.heads is no multiple of config.kvHeads');
  require(config.headDim % 2 === 0, 'config.headDim is odd');
  require(config.ropeTheta > 0 && config.rmsNormEps > 0, 'config.ropeTheta or config.rmsNormEps is not positive');
  checkRopeScaling(config);
  if (config.traits) checkTraits(config.traits, config);
  if (config.embedding) checkTextEncoder(config.embedding);
  if (config.vision) checkVision(config.vision, config);
  require(isList(config.eosTokenIds), 'config.eosTokenIds is not a list');
}

function checkRopeScaling({ ropeScaling, headDim, traits }: ModelConfig): void {
  if (!ropeScaling) return;
  require(['llama3', 'linear', 'longrope'].includes(ropeScaling.type), `config.ropeScaling ${ropeScaling.type} is not known`);
  if (ropeScaling.type !== 'longrope') return;
  const pairs = (traits?.rotaryDims ?? headDim) / 2;
  const { shortFactors, longFactors, amplitude } = ropeScaling;
  const whole = [shortFactors, longFactors].every((factors) => isList(factors) && factors.length === pairs);
  require(whole && amplitude > 0, 'config.ropeScaling has no factor for every pair of elements');
}

function checkTextEncoder({ shape, pooling, maxTokens }: TextEncoderConfig): void {
  checkEncoder(shape);
  require(pooling === 'mean' || pooling === 'first', `pooling ${pooling} is not known to this client`);
  require(isCount(maxTokens), 'config.embedding.maxTokens is not a positive number');
}

function checkVision({ shape, imageSize, patchSize, mean, deviation, projectorActivation, imageTokenId }: VisionConfig, config: ModelConfig): void {
  checkEncoder(shape);
  require(isCount(imageSize) && isCount(patchSize) && imageSize % patchSize === 0, 'config.vision has patches that do not fill a picture');
  require(isList(mean) && mean.length === 3 && isList(deviation) && deviation.length === 3, 'config.vision does not say how colours are normed');
  require(ENCODER_ACTIVATIONS.includes(projectorActivation), `activation ${projectorActivation} is not known to this client`);
  require(imageTokenId >= 0 && imageTokenId < config.vocabSize, 'config.vision.imageTokenId is out of range');
}

function checkEncoder({ hiddenSize, layers, heads, intermediateSize, activation, normEps }: EncoderShape): void {
  for (const count of [hiddenSize, layers, heads, intermediateSize]) require(isCount(count), 'an encoder has a size that is not a positive number');
  require(hiddenSize % heads === 0 && (hiddenSize / heads) % 2 === 0, 'the heads of an encoder are uneven');
  require(ENCODER_ACTIVATIONS.includes(activation), `activation ${activation} is not known to this client`);
  require(normEps > 0, 'an encoder has norms without epsilon');
}

/** Anything that this client would not compute as it is meant is refused. */
function checkTraits(traits: DecoderTraits, { layers, headDim }: ModelConfig): void {
  const { activation, biases, windows, rotaryDims, windowRopeTheta } = traits;
  const unknown = Object.entries(traits).find(([name, value]) => !TRAITS.has(name) && value !== null && value !== false);
  require(!unknown, `trait ${unknown?.[0]} is not known to this client`);
  require(ACTIVATIONS.includes(activation), `activation ${activation} is not known to this client`);
  require(isList(biases) && biases.every((layer) => LINEAR_LAYERS.includes(layer)), `biases ${biases} are not known to this client`);
  require(isList(windows) && [0, layers].includes(windows.length), 'config.traits.windows does not name every layer');
  require(windows.every((window) => window === 0 || isCount(window)), 'config.traits.windows holds something else than counts');
  require(rotaryDims === null || (isCount(rotaryDims) && rotaryDims % 2 === 0 && rotaryDims <= headDim), 'config.traits.rotaryDims is out of range');
  for (const value of [windowRopeTheta, traits.attentionSoftcap, traits.finalSoftcap]) {
    require(value === null || value > 0, 'config.traits has a bound or a rotary base that is not positive');
  }
}

function checkFrame(frame: Frame, index: number): void {
  require(DIGEST.test(frame.sha256), `frames[${index}].sha256 is not a digest`);
  require(isCount(frame.bytes) && frame.bytes <= LARGEST_FRAME, `frames[${index}].bytes is out of range`);
}

function checkTensor(tensor: TensorEntry, frames: readonly Frame[]): void {
  const { name, rows, cols, encoding } = tensor;
  require(typeof name === 'string' && isCount(rows) && isCount(cols), `tensor ${name} has no shape`);
  require(isList(tensor.segments), `tensor ${name} has no segments`);
  tensor.segments.forEach((segment) => checkSegment(tensor, segment, frames));
  if (encoding === 'f32') return checkRows(tensor, 0);
  require(encoding === 'embedded', `tensor ${name} has the unknown encoding ${encoding}`);
  const { anchor = 0, bits = 0, shift } = tensor;
  require(anchor >= BASE_DEPTH && anchor <= MAX_DEPTH, `tensor ${name} has anchor ${anchor}`);
  require(bits >= BASE_DEPTH && bits <= anchor, `tensor ${name} is planned at ${bits} bits, anchored at ${anchor}`);
  require(Number.isFinite(shift), `tensor ${name} has no shift`);
  for (let depth = BASE_DEPTH; depth <= bits; depth++) checkRows(tensor, depth);
}

function checkSegment({ name }: TensorEntry, segment: Segment, frames: readonly Frame[]): void {
  const frame = frames[segment.frame];
  require(frame !== undefined, `a segment of ${name} lies in frame ${segment.frame}, which there is not`);
  const { offset, bytes } = segment;
  require(Number.isInteger(offset) && offset >= 0 && offset % 4 === 0, `a segment of ${name} starts at ${offset}`);
  require(isCount(bytes) && offset + bytes <= frame!.bytes, `a segment of ${name} ends outside its frame`);
}

/** The segments of one depth must be the tensor's rows, each once. */
function checkRows({ name, rows, segments }: TensorEntry, depth: number): void {
  const ranges = segments.filter((segment) => segment.depth === depth).sort((a, b) => a.firstRow - b.firstRow);
  let next = 0;
  for (const { firstRow, rowCount } of ranges) {
    require(firstRow === next && isCount(rowCount), `the segments of ${name} at depth ${depth} leave rows out or repeat them`);
    next += rowCount;
  }
  require(next === rows, `the segments of ${name} at depth ${depth} hold ${next} of ${rows} rows`);
}

function checkTokenizer({ tokenizer, frames }: BundleManifest): void {
  const frame = frames[tokenizer?.frame];
  require(frame !== undefined && frame.sha256 === tokenizer.sha256, 'the tokenizer is not among the frames');
}

function checkRuntime({ runtime }: BundleManifest): void {
  require(runtime?.backend === 'wasm' || runtime?.backend === 'webgpu', 'the runtime is not known');
  require(isList(runtime.kernels) && runtime.kernels.length > 0, 'the runtime has no kernels');
  for (const { name, sha256 } of runtime.kernels) require(DIGEST.test(sha256), `kernel ${name} has no digest`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function require(holds: boolean, complaint: string): void {
  if (!holds) throw new FacetError('manifest-invalid', `The manifest cannot be used: ${complaint}.`);
}
