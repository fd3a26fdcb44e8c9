import { perform } from './jobs';

// Work shared by the threads of a module: one leads, the others help. A job is cut into chunks that each thread takes for
// itself until none is left, so it makes no difference to the result which thread does what, nor how many there are; a
// helper that is late leaves its chunks to the others. Without threads the leader does all of it.

/**
 * What threads share. A helper that takes a chunk by raising `ticket` knows that what it has read of the job was of
 * that generation: the leader writes the next one only after every chunk of this one is done.
 */
// @ts-ignore: decorator
@unmanaged
class Job {
  /** Generation in the upper half, next chunk in the lower. */
  ticket: i64;
  chunks: i32;
  /** Chunks done. */
  done: i32;
  /** Helpers that sleep until the generation changes. */
  sleeping: i32;
  /** Whether the leader sleeps until the last chunk is done. */
  leaderSleeps: i32;
  kernel: i32;
  units: i32;
  /** Units of a chunk. */
  chunk: i32;
}

/** Bytes of a job and its arguments. */
export const JOB_BYTES: i32 = 512;
const ARGUMENTS: usize = 64;
const GENERATION: usize = 4;

/** How often a thread looks for news before it sleeps: some 50 microseconds, more than there are between two jobs. */
const PATIENCE: i32 = 1 << 15;

let job: usize = 0;
let threads: i32 = 1;

/**
 * Makes this thread the leader.
 *
 * @param address room for `JOB_BYTES`
 * @param count threads, this one among them
 */
export function team_lead(address: usize, count: i32): void {
  job = address;
  threads = count;
}

/** Address of the arguments of the job that is being prepared, or performed. */
// @ts-ignore: decorator
@inline
export function jobArguments(): usize {
  return job + ARGUMENTS;
}

/** About the number of chunks that a job should have: enough for threads to end together. */
export function chunksWanted(): i32 {
  return threads == 1 ? 1 : threads << 2;
}

/**
 * Runs the job whose arguments lie at `jobArguments` and returns when it is done.
 *
 * @param chunk units that a thread takes at once
 */
export function runJob(kernel: i32, units: i32, chunk: i32): void {
  if (!ASC_FEATURE_THREADS) {
    perform(kernel, 0, units, 0);
    return;
  }
  if (threads == 1 || units <= chunk) {
    perform(kernel, 0, units, 0);
    return;
  }
  const shared = changetype<Job>(job);
  shared.kernel = kernel;
  shared.units = units;
  shared.chunk = chunk;
  shared.chunks = (units + chunk - 1) / chunk;
  atomic.store<i32>(job + offsetof<Job>('done'), 0);
  const generation = (atomic.load<i64>(job) >> 32) + 1;
  atomic.store<i64>(job, generation << 32);
  if (atomic.load<i32>(job + offsetof<Job>('sleeping')) > 0) atomic.notify(job + GENERATION, -1);
  takeChunks(generation, 0);
  awaitChunks(shared.chunks);
}

/** A helper's life: it never returns. */
export function team_help(address: usize, member: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  job = address;
  let generation: i64 = 0;
  for (;;) {
    generation = awaitGeneration(generation);
    takeChunks(generation, member);
  }
}

function takeChunks(generation: i64, member: i32): void {
  const shared = changetype<Job>(job);
  for (;;) {
    const ticket = atomic.load<i64>(job);
    if (ticket >> 32 != generation) return;
    const index = <i32>ticket;
    if (index >= shared.chunks) return;
    if (atomic.cmpxchg<i64>(job, ticket, ticket + 1) != ticket) continue;
    const first = index * shared.chunk;
    const chunks = shared.chunks;
    perform(shared.kernel, first, min(first + shared.chunk, shared.units), member);
    const done = atomic.add<i32>(job + offsetof<Job>('done'), 1) + 1;
    if (done == chunks && atomic.load<i32>(job + offsetof<Job>('leaderSleeps')) != 0) {
      atomic.notify(job + offsetof<Job>('done'), 1);
    }
  }
}

function awaitChunks(chunks: i32): void {
  const address = job + offsetof<Job>('done');
  for (let i = 0; i < PATIENCE; ++i) if (atomic.load<i32>(address) == chunks) return;
  atomic.store<i32>(job + offsetof<Job>('leaderSleeps'), 1);
  for (;;) {
    const done = atomic.load<i32>(address);
    if (done == chunks) break;
    atomic.wait<i32>(address, done, -1);
  }
  atomic.store<i32>(job + offsetof<Job>('leaderSleeps'), 0);
}

/** The generation that follows `last`. */
function awaitGeneration(last: i64): i64 {
  for (let i = 0; i < PATIENCE; ++i) {
    const generation = atomic.load<i64>(job) >> 32;
    if (generation != last) return generation;
  }
  atomic.add<i32>(job + offsetof<Job>('sleeping'), 1);
  while (atomic.load<i64>(job) >> 32 == last) atomic.wait<i32>(job + GENERATION, <i32>last, -1);
  atomic.sub<i32>(job + offsetof<Job>('sleeping'), 1);
  return atomic.load<i64>(job) >> 32;
}
