// Sums over the lanes that share rows and over a workgroup of THREADS: by subgroups of SUBGROUP lanes where their size
// is known, by a tree in workgroup memory where it is not (SUBGROUP 0).

#if SUBGROUP
var<workgroup> subgroup_sums: array<f32, ${THREADS / SUBGROUP}>;
#else
var<workgroup> thread_sums: array<f32, ${THREADS}>;
#endif

/// Sum of every thread's value, in every thread.
fn workgroup_sum(value: f32, thread: u32) -> f32 {
#if SUBGROUP
  let sum = subgroupAdd(value);
  if (thread % ${SUBGROUP}u == 0u) {
    subgroup_sums[thread / ${SUBGROUP}u] = sum;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < ${THREADS / SUBGROUP}u; i++) {
    total += subgroup_sums[i];
  }
  return total;
#else
  thread_sums[thread] = value;
  workgroupBarrier();
  for (var stride = ${THREADS / 2}u; stride > 0u; stride /= 2u) {
    if (thread < stride) {
      thread_sums[thread] += thread_sums[thread + stride];
    }
    workgroupBarrier();
  }
  return thread_sums[0];
#endif
}
