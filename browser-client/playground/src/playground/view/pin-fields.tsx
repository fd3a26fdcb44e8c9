import { ToggleGroup } from 'radix-ui';
import { useId } from 'react';
import * as format from '../../shared/format';
import { CONTEXT_CHOICES, type Settings } from '../model/settings';

interface PinFieldsProps {
  readonly settings: Settings;
  /** Precisions that the chosen model is stored at. */
  readonly bits: readonly number[];
  readonly busy: boolean;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** Backend, bits and context, each "automatic" or fixed. A change takes effect with the next text. */
export function PinFields({ settings, bits, busy, onChange }: PinFieldsProps) {
  const backendId = useId();
  return (
    <>
      <div className="field">
        <span className="field-label" id={backendId}>
          Backend
        </span>
        <ToggleGroup.Root
          type="single"
          className="segmented segmented-wide"
          aria-labelledby={backendId}
          disabled={busy}
          value={settings.pinBackend ?? 'auto'}
          onValueChange={(value) => value && onChange({ pinBackend: value === 'wasm' || value === 'webgpu' ? value : null })}
        >
          <ToggleGroup.Item value="auto">Automatic</ToggleGroup.Item>
          <ToggleGroup.Item value="wasm">WASM</ToggleGroup.Item>
          <ToggleGroup.Item value="webgpu">WebGPU</ToggleGroup.Item>
        </ToggleGroup.Root>
      </div>
      <div className="field-pair">
        <NumberChoice
          label="Bits"
          choices={withPinned(bits, settings.pinBits)}
          value={settings.pinBits}
          disabled={busy}
          onChange={(pinBits) => onChange({ pinBits })}
        />
        <NumberChoice
          label="Context"
          choices={withPinned(CONTEXT_CHOICES, settings.pinContext)}
          value={settings.pinContext}
          disabled={busy}
          onChange={(pinContext) => onChange({ pinContext })}
        />
      </div>
      <p className="field-help">A fixed choice is planned and loaded with the next text.</p>
    </>
  );
}

/** What is fixed stays in sight, even where the present model does not offer it. */
function withPinned(choices: readonly number[], pinned: number | null): number[] {
  return [...new Set(pinned === null ? choices : [...choices, pinned])].sort((a, b) => a - b);
}

interface NumberChoiceProps {
  readonly label: string;
  readonly choices: readonly number[];
  readonly value: number | null;
  readonly disabled: boolean;
  readonly onChange: (value: number | null) => void;
}

function NumberChoice({ label, choices, value, disabled, onChange }: NumberChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <select
        id={id}
        className="select"
        value={value ?? ''}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
      >
        <option value="">Automatic</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {format.number(choice)}
          </option>
        ))}
      </select>
    </div>
  );
}
