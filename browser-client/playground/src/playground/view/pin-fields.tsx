import { ToggleGroup } from 'radix-ui';
import { useId } from 'react';
import * as format from '../../shared/format';
import { CONTEXT_CHOICES, KV_CHOICES, type KvChoice, type Settings } from '../model/settings';

interface PinFieldsProps {
  readonly settings: Settings;
  /** Precisions that the chosen model is stored at. */
  readonly bits: readonly number[];
  readonly busy: boolean;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** Backend, bits, context and the precision of keys and values, each "automatic" or fixed. A change takes effect with the next text. */
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
        <Choice
          label="Bits"
          choices={withPinned(bits, settings.pinBits).map(inWords)}
          value={settings.pinBits}
          disabled={busy}
          onChange={(pinBits) => onChange({ pinBits })}
        />
        <Choice
          label="Context"
          choices={withPinned(CONTEXT_CHOICES, settings.pinContext).map(inWords)}
          value={settings.pinContext}
          disabled={busy}
          onChange={(pinContext) => onChange({ pinContext })}
        />
      </div>
      <Choice
        label="Keys and values"
        choices={KV_CHOICES.map((value) => ({ value, words: KV_WORDS[value] }))}
        value={settings.pinKv}
        disabled={busy}
        onChange={(pinKv) => onChange({ pinKv })}
      />
      <p className="field-help">A fixed choice is planned and loaded with the next text.</p>
    </>
  );
}

/** What is fixed stays in sight, even where the present model does not offer it. */
function withPinned(choices: readonly number[], pinned: number | null): number[] {
  return [...new Set(pinned === null ? choices : [...choices, pinned])].sort((a, b) => a - b);
}

const KV_WORDS: Readonly<Record<KvChoice, string>> = {
  f32: '32-bit floats',
  q8: '8-bit codes',
  q4: '4-bit codes',
  q3: '3-bit codes',
  q2: '2-bit codes',
};

const inWords = (value: number) => ({ value, words: format.number(value) });

interface ChoiceProps<T extends string | number> {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly words: string }[];
  readonly value: T | null;
  readonly disabled: boolean;
  readonly onChange: (value: T | null) => void;
}

function Choice<T extends string | number>({ label, choices, value, disabled, onChange }: ChoiceProps<T>) {
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
        onChange={(event) => onChange(choices.find((choice) => String(choice.value) === event.target.value)?.value ?? null)}
      >
        <option value="">Automatic</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
      </select>
    </div>
  );
}
