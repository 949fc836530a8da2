export * from './adversarial-loss.js';
export * from './discriminators.js';
export * from './prompts.js';
