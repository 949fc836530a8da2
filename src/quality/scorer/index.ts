export * from './damage.js';
export * from './score-rule.js';
