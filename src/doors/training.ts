/** `revela/training`: trainings into folders, of denoisers, upscalers, scorers and models of good photographs. */
export * from '../api/training.js';
