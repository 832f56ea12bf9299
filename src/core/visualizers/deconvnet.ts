import { rectified } from './rectified.ts';

/** Backward through a rectifier keeps g where g > 0, whatever the forward sign; max-pooling by its recorded switches, or none. */
export const deconvnet = rectified('deconvnet', {
  id: 'deconvnet',
  title: 'DeconvNet',
  description: 'Sends a unit back through the network to the pixels, keeping only what is positive at each rectifier.',
  source: 'Zeiler & Fergus 2014, Visualizing and Understanding Convolutional Networks, §2.1',
});
