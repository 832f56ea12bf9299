// Made by `npm run kernels` from src/kernels.

/** Numbers named after vectors are addresses in bytes; `count` is of float32, a multiple of four. */
export interface Kernels {
  addScaled(count: number, sum: number, values: number, factor: number): void;
  changeOf(count: number, change: number, now: number, before: number): void;
  dot(count: number, a: number, b: number): number;
  halve(count: number, values: number, other: number): void;
  scale(count: number, to: number, from: number, gain: number, offset: number): void;
  sumOfMagnitudes(count: number, values: number): number;
  adam(
    count: number,
    parameters: number,
    mean: number,
    square: number,
    gradient: number,
    keep1: number,
    share1: number,
    keep2: number,
    share2: number,
    rate: number,
    correction: number,
    epsilon: number,
  ): void;
  momentum(
    count: number,
    parameters: number,
    velocity: number,
    gradient: number,
    keep: number,
    unit: number,
    rate: number,
  ): void;
  rmsProp(
    count: number,
    parameters: number,
    square: number,
    gradient: number,
    keep: number,
    share: number,
    rate: number,
    epsilon: number,
  ): void;
  evenNorm(count: number, gradient: number, picture: number, pairs: number, factor: number, middle: number): number;
  squaredVariation(picture: number, gradient: number, height: number, width: number, factor: number): number;
  mixColumns(
    count: number,
    mixed: number,
    plane: number,
    height: number,
    line: number,
    first: number,
    weights: number,
    taps: number,
  ): void;
  mixLines(
    count: number,
    mixed: number,
    plane: number,
    width: number,
    first: number,
    weights: number,
    taps: number,
  ): void;
  locate(
    count: number,
    at: number,
    partX: number,
    partY: number,
    line: number,
    xx: number,
    fromX: number,
    mostX: number,
    yx: number,
    fromY: number,
    mostY: number,
  ): void;
  read(
    count: number,
    seen: number,
    framed: number,
    line: number,
    at: number,
    partX: number,
    partY: number,
    gain: number,
    offset: number,
  ): void;
  spread(
    count: number,
    seen: number,
    framed: number,
    line: number,
    at: number,
    partX: number,
    partY: number,
    gain: number,
  ): void;
}

/** WebAssembly, in base64. It imports its memory: `env.memory`. */
export const COMPILED =
  'AGFzbQEAAAABpgERYAd/f39/fX9/AXxgCH9/f39/f399AGAJf39/f39/f319AGALf39/f398fHx8fHwAYAJ/fwF8YAV/f399fQBgA39/fwBgA39/fwF8YAR/f39/AGAEf39/fQBgB39/f39/f38AYAh/f39/f39/fwBgBX9/f399AXxgBn9/f399fQF8YAh/f39/fX19fQBgB39/f399fX0AYAx/f39/f319fX19fX0AAg8BA2VudgZtZW1vcnkCAAADEhEAAQIDBAUGBwgJCgsMDQ4PEAe0AREJYWRkU2NhbGVkAAkIY2hhbmdlT2YACANkb3QABwVoYWx2ZQAGBXNjYWxlAAUPc3VtT2ZNYWduaXR1ZGVzAAQEYWRhbQAQCG1vbWVudHVtAA8Hcm1zUHJvcAAOCGV2ZW5Ob3JtAA0Qc3F1YXJlZFZhcmlhdGlvbgAMCm1peENvbHVtbnMACwhtaXhMaW5lcwAKBmxvY2F0ZQADBHJlYWQAAgZzcHJlYWQAAQZtZW1vcnkCAArKFRG1AQICfQF/IAJBAnQiCSAAaiIAKgIAIQcgASAJaiIBKgIAIQggASAIIAQgCUEEaiADRiIBQQEgBhsEfUMAAAAABSAAKgIEIAeTCyIEIAFBASAGGwR9QwAAAAAFIAAgA2oqAgAgB5MLIgiSIAJBAEpBACAGGwR9IAcgAEEEayoCAJMFQwAAAAALkyABQQEgBRsEfUMAAAAABSAHIAAgA2sqAgCTC5OUkjgCACAEIASUIAggCJSSuwucAQICfwR9IABBAnQhAANAIAAgCEsEQCAHIAEgCGoqAgCUIgogBiAIaioCAJQhDCAKIAyTIgsgBSAIaioCACIKlCENIAIgBCAIaigCAGoiCSAJKgIAIAsgDZOSOAIAIAkgCSoCBCANkjgCBCADIAlqIgkgCSoCACAMIAwgCpQiCpOSOAIAIAkgCSoCBCAKkjgCBCAIQQRqIQgMAQsLC7gCAgZ/BXsgAEECdCEAA0AgACAJSwRAIAEgCWogCP0TIAf9EyACIAQgCWoiCigCBGogAiAKKAIAIgtq/V0DAP1XAwABIhAgAiAKKAIMIgxqIAIgCigCCCINav1dAwD9VwMAASIR/Q0AAQIDCAkKCxAREhMYGRobIhIgBSAJav0ABAAiDyAQIBH9DQQFBgcMDQ4PFBUWFxwdHh8gEv3lAf3mAf3kASIRIAYgCWr9AAQAIAIgA2oiDiAKKAIEaiALIA5q/V0DAP1XAwABIhIgDCAOaiANIA5q/V0DAP1XAwABIhD9DQABAgMICQoLEBESExgZGhsiEyAPIBIgEP0NBAUGBwwNDg8UFRYXHB0eHyAT/eUB/eYB/eQBIBH95QH95gH95AH95gH95AH9CwQAIAlBEGohCQwBCwsL5gECAn8EewNAIAAgC0oEQCAF/RQgC7f9FP0MAAAAAAAAAAAAAAAAAADwP/3wASIO/fIBIAb9FP3wAf0MAAAAAAAAAAAAAAAAAAAAAP33ASAH/RT99gEhDSALQQJ0IgwgAWogCP0UIA798gEgCf0U/fAB/QwAAAAAAAAAAAAAAAAAAAAA/fcBIAr9FP32ASIP/fwBIhAgBP0R/bUBIA39/AEiDkEC/asB/a4B/VsDAAAgAiAMaiANIA79/gH98QH9Xv1bAwAAIAMgDGogDyAQ/f4B/fEB/V79WwMAACALQQJqIQsMAQsLC1wBAXsgASAAQQJ0aiEAA0AgACABSwRAIAIgAf0ABAD94AEiAv1fIAIgAv0NCAkKCwwNDg8AAQIDBAUGB/1f/fAB/fABIQIgAUEQaiEBDAELCyAC/SEAIAL9IQGgC0sBAnsgA/0TIQUgBP0TIQYgAiAAQQJ0aiEAA0AgACACSwRAIAEgAv0ABAAgBf3mASAG/eQB/QsEACACQRBqIQIgAUEQaiEBDAELCwtRACABIABBAnRqIQADQCAAIAFLBEAgASAB/QAEACAC/QAEAP3kAf0MAAAAPwAAAD8AAAA/AAAAP/3mAf0LBAAgAUEQaiEBIAJBEGohAgwBCwsLkwEBBHsgASAAQQJ0aiEAA0AgACABSwRAIAMgAf0ABAAiBf1fIAL9AAQAIgb9X/3yAf3wASEDIAQgBSAF/Q0ICQoLDA0ODwABAgMEBQYH/V8gBiAG/Q0ICQoLDA0ODwABAgMEBQYH/V/98gH98AEhBCABQRBqIQEgAkEQaiECDAELCyADIAT98AEiA/0hACAD/SEBoAtDACABIABBAnRqIQADQCAAIAFLBEAgASAC/QAEACAD/QAEAP3lAf0LBAAgAUEQaiEBIAJBEGohAiADQRBqIQMMAQsLC0kBAXsgA/0TIQQgASAAQQJ0aiEAA0AgACABSwRAIAEgAf0ABAAgAv0ABAAgBP3mAf3kAf0LBAAgAUEQaiEBIAJBEGohAgwBCwsLugECBH8BeyADQQJ0IQgDQCAAIAlKBEAgAiAEKAIAIAhsaiEKQQAhAwNAIAMgCEkEQP0MAAAAAAAAAAAAAAAAAAAAACELQQAhBwNAIAYgB0sEQCALIAUgB0ECdGr9CQIAIAogByAIbGogA2r9AAQA/eYB/eQBIQsgB0EBaiEHDAELCyABIANqIAv9CwQAIANBEGohAwwBCwsgCUEBaiEJIARBBGohBCAFIAZBAnRqIQUgASAIaiEBDAELCwuaAQIFfwF9A0AgAyALSgRAIAYhCEEAIQkDQCAAIAlKBEAgAiAFIAlBAnRqKAIAQQJ0aiEMQwAAAAAhDUEAIQoDQCAHIApLBEAgDSAIKgIAIAwgCkECdGoqAgCUkiENIApBAWohCiAIQQRqIQgMAQsLIAEgDTgCACAJQQFqIQkgAUEEaiEBDAELCyALQQFqIQsgAiAEaiECDAELCwvzAgMBfAV/BHsgA0ECdCEIA0AgAiAJSgRAQQAhByAJQQFqIAJIIAlBAEoiBiAGGwRAIAUgACABQQAgCCAEQQFBARAAoEEBIQf9DAAAAAAAAAAAAAAAAAAAAAAhDANAIAdBBGoiBiADSARAIAdBAnQiByAAaiIK/QAEACENIAEgB2oiByAH/QAEACAE/RMgCv0ABAQgDf3lASIOIAggCmr9AAQAIA395QEiC/3kASANIApBBGv9AAQA/eUBIA0gCiAIa/0ABAD95QH95AH95QH95gH95AH9CwQAIAwgDiAO/eYBIAsgC/3mAf3kASIL/V8gCyAL/Q0ICQoLDA0ODwABAgMEBQYH/V/98AH98AEhDCAGIQcMAQsLIAz9IQAgDP0hAaCgIQULA0AgAyAHSgRAIAUgACABIAcgCCAEIAlBAEogCUEBaiACSBAAoCEFIAdBAWohBwwBCwsgCUEBaiEJIAAgCGohACABIAhqIQEMAQsLIAULvgECBnsBfyAF/RMhCiAE/RMhCSACIABBAnRqIQwDQCACIAxJBEAgAv0ABAAgCv3lASIGIAb95gEhCCAGIQdBACEAA0AgACADSARAIAcgCP3mASEHIABBAWohAAwBCwsgCyAHIAb95gEiBv1fIAYgBv0NCAkKCwwNDg8AAQIDBAUGB/1f/fAB/fABIQsgASAB/QAEACAJIAf95gH95QH9CwQAIAJBEGohAiABQRBqIQEMAQsLIAv9IQAgC/0hAaALgwECAn8CeyAAQQJ0IQADQCAAIAhLBEAgBP0TIAIgCGoiCf0ABAD95gEgBf0TIAMgCGr9AAQAIgogCv3mAf3mAf3kASELIAkgC/0LBAAgASAIaiIJIAn9AAQAIAb9EyAK/eYBIAv94wEgB/0T/eQB/ecB/eQB/QsEACAIQRBqIQgMAQsLC20CAn8BeyAAQQJ0IQADQCAAIAdLBEAgBP0TIAIgB2oiCP0ABAD95gEgBf0TIAMgB2r9AAQA/eYB/eQBIQkgCCAJ/QsEACABIAdqIgggCP0ABAAgBv0TIAn95gH95AH9CwQAIAdBEGohBwwBCwsLsgECA38CeyAAQQJ0IQ0DQCAMIA1JBEAgBf0TIAIgDGoiAP0ABAD95gEgBv0TIAQgDGr9AAQAIhD95gH95AEhDyAH/RMgAyAMaiIO/QAEAP3mASAI/RMgECAQ/eYB/eYB/eQBIRAgACAP/QsEACAOIBD9CwQAIAEgDGoiACAA/QAEACAJ/RMgD/3mASAQ/eMBIAr9E/3mASAL/RP95AH95wH95AH9CwQAIAxBEGohDAwBCwsL';
