import manifest from '../../package.json' with { type: 'json' };

/** Of Layerscope itself; part of every result and of every cache key. */
export const VERSION: string = manifest.version;
