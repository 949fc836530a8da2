/** `revela/models`: weights as files, and the store of models that others published. */
export * from '../api/models.js';
