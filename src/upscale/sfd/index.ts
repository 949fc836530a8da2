export * from './adversarial-loss.js';
export * from './discriminators.js';
export * from './feature-judge.js';
export * from './prompt-judge.js';
export * from './prompt-words.js';
export * from './prompts.js';
export { type SeatedJudge, type SfdGame, sfdFrozen, sfdObjective } from './sfd-objective.js';
export * from './vector-judge.js';
