import os from 'node:os';
import path from 'node:path';

/** The user's own folder for what may be deleted any time, as the platform has it. */
export function cacheFolder(): string {
  const home = os.homedir();
  if (process.platform === 'win32')
    return path.join(process.env['LOCALAPPDATA'] || path.join(home, 'AppData/Local'), 'layerscope', 'Cache');
  if (process.platform === 'darwin') return path.join(home, 'Library/Caches/layerscope');
  return path.join(process.env['XDG_CACHE_HOME'] || path.join(home, '.cache'), 'layerscope');
}
