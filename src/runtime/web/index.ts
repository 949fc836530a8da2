export { type Engine, type EngineChoice, type EngineOptions, openEngine } from './engine.js';
export { checkAnswers } from '../self-check.js';
