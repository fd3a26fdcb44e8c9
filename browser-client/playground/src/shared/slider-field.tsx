import { Slider } from 'radix-ui';
import { useId } from 'react';
import * as format from './format';

interface SliderFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly digits?: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

export function SliderField({ label, value, min, max, step, digits = 0, disabled = false, onChange }: SliderFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <span className="field-label">
        <span id={id}>{label}</span>
        <span className="field-value">{format.number(value, digits)}</span>
      </span>
      <Slider.Root
        className="slider"
        value={[value]}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={([next]) => next !== undefined && onChange(next)}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb className="slider-thumb" aria-labelledby={id} />
      </Slider.Root>
    </div>
  );
}
