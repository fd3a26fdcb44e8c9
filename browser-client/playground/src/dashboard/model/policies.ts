import * as format from '../../shared/format';
import type { Policy } from './documents';

/** A policy ready to be read. */
export interface PolicyView {
  readonly key: string;
  readonly model: string;
  readonly deviceClass: string;
  readonly point: string;
  readonly state: 'default' | 'moved';
  readonly stateText: string;
  readonly reason: string;
  readonly evidence: string;
  /** Median in parts of the target; above 1 the target is missed. Null without evidence. */
  readonly load: number | null;
  readonly decidedAt: string;
  readonly history: readonly { readonly at: string; readonly move: string; readonly reason: string }[];
}

/** Policies that left their default first, then the newest decision first. */
export function policyViews(policies: readonly Policy[]): PolicyView[] {
  return policies
    .map(policyView)
    .sort((a, b) => Number(b.state === 'moved') - Number(a.state === 'moved') || b.decidedAt.localeCompare(a.decidedAt));
}

function policyView(policy: Policy): PolicyView {
  const { model, deviceClass, point, defaultPoint, evidence, targetMsPerToken, reason, decidedAt } = policy;
  const moved = point !== defaultPoint;
  return {
    key: `${model} ${deviceClass}`,
    model,
    deviceClass,
    point,
    state: moved ? 'moved' : 'default',
    stateText: moved ? `instead of ${defaultPoint}` : 'default',
    reason,
    evidence: evidenceSentence(policy),
    load: evidence ? evidence.medianMsPerToken / targetMsPerToken : null,
    decidedAt,
    history: (policy.history ?? []).map((change) => ({
      at: change.at,
      move: change.from === null ? change.to : `${change.from} → ${change.to}`,
      reason: change.reason,
    })),
  };
}

function evidenceSentence({ evidence, targetMsPerToken }: Policy): string {
  const target = `target ${format.significant(targetMsPerToken)} ms a token`;
  if (!evidence) return `Nothing measured yet; ${target}.`;
  const { sessions, point, medianMsPerToken, p95MsPerToken } = evidence;
  const times = `${format.significant(medianMsPerToken)} ms median, ${format.significant(p95MsPerToken)} ms p95`;
  return `${format.plural(sessions, 'session')} at ${point}: ${times}; ${target}.`;
}
