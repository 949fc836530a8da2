// Every export of these files is an operation that is a primitive; what else they need lies in files beside them.
export * from './activations.js';
export * from './arithmetic.js';
export * from './comparisons.js';
export * from './functions.js';
