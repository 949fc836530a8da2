// What of this room runs on any platform.
export { fromPairs, fromPictures, learn, learntParameters } from './learn.js';
export { type Recipe, recipeFrom, settleRecipe } from './recipe.js';
export type { RecipeOptions } from './recipe-options.js';
