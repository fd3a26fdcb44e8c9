interface ProgressBarProps {
  readonly label: string;
  /** 0..1; null while unknown. */
  readonly fraction: number | null;
  readonly className?: string;
}

export function ProgressBar({ label, fraction, className = '' }: ProgressBarProps) {
  const known = fraction !== null;
  return (
    <div
      className={`progress ${known ? '' : 'progress-unknown'} ${className}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(fraction * 100) : undefined}
    >
      <div className="progress-fill" style={known ? { width: `${fraction * 100}%` } : undefined} />
    </div>
  );
}
