/** `@facet/client`: run a language model that was cut for this browser. */
export { Facet } from './facet';
export type { DeviceProfile } from './facet';
export { Model } from './model';
export { FacetError } from './errors';
export type { FacetErrorCode, ProblemDetails } from './errors';
export type {
  AnswerOptions,
  ComponentChoice,
  ConnectOptions,
  FinishReason,
  GenerateOptions,
  GenerationStats,
  LoadOptions,
  ModelStats,
  Piece,
} from './options';
export type { GroupPhase, GroupProgress, LoadPhase, LoadProgress } from './progress';
export type { ComponentName } from './runtime/components';
export type {
  BackendName,
  BundleManifest,
  CapabilityReport,
  ModelConfig,
  ModelPoint,
  ModelSummary,
  Pin,
  Plan,
  PlanReason,
  Quality,
} from './transport/wire';
