import { ChevronDown } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import { SliderField } from '../../shared/slider-field';
import { SwitchField } from '../../shared/switch-field';
import { storedBits } from '../model/catalogue';
import type { PlaygroundSession } from '../model/session';
import { activityOf, chosenSummary } from '../model/session-state';
import { pinOf, RANGES, type Settings } from '../model/settings';
import { PinFields } from './pin-fields';
import { useSession } from './use-session';

interface SettingsPanelProps {
  readonly session: PlaygroundSession;
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** How the text is sampled, and (advanced) what the planner may not choose. */
export function SettingsPanel({ session, settings, onChange }: SettingsPanelProps) {
  const busy = useSession(session, (state) => ['loading', 'writing'].includes(activityOf(state)));
  const model = useSession(session, chosenSummary);
  return (
    <section className="panel" aria-label="Settings">
      <div className="panel-head">
        <h2 className="panel-title">Settings</h2>
      </div>
      <div className="panel-body stack">
        <SwitchField
          label="Greedy"
          help="Always the likeliest token: the same text every time."
          checked={settings.greedy}
          onChange={(greedy) => onChange({ greedy })}
        />
        <SliderField
          label="Temperature"
          value={settings.temperature}
          digits={2}
          disabled={settings.greedy}
          {...RANGES.temperature}
          onChange={(temperature) => onChange({ temperature })}
        />
        <SliderField
          label="Top-p"
          value={settings.topP}
          digits={2}
          disabled={settings.greedy}
          {...RANGES.topP}
          onChange={(topP) => onChange({ topP })}
        />
        <SliderField
          label="Longest text, in tokens"
          value={settings.maxTokens}
          {...RANGES.maxTokens}
          onChange={(maxTokens) => onChange({ maxTokens })}
        />
        <Collapsible.Root className="advanced" defaultOpen={pinOf(settings) !== undefined}>
          <Collapsible.Trigger className="button button-quiet button-small advanced-trigger">
            <ChevronDown aria-hidden /> Advanced: fix choices of the planner
          </Collapsible.Trigger>
          <Collapsible.Content className="stack advanced-content">
            <PinFields settings={settings} bits={model ? storedBits(model) : []} busy={busy} onChange={onChange} />
          </Collapsible.Content>
        </Collapsible.Root>
      </div>
    </section>
  );
}
