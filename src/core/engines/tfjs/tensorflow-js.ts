// TensorFlow.js, in a bundle of its own, which is read only where it runs.
export { engine, setBackend, version_core } from '@tensorflow/tfjs-core';
export { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
