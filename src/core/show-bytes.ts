const UNITS = ['MB', 'GB', 'TB', 'PB', 'EB'];

/** `12 kB`, `3.4 MB`, `17.2 GB`. */
export function showBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  const unit = Math.min(UNITS.length - 1, Math.max(0, Math.floor((Math.log10(bytes) - 6) / 3)));
  return `${(bytes / 1e6 / 1e3 ** unit).toFixed(1)} ${UNITS[unit]}`;
}
