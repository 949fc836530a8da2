// What of this room runs on any platform.
export { fromPairs, fromPictures, learn, learntParameters } from './learn.js';
export { type Recipe, type RecipeOptions, recipeFrom, settleRecipe } from './recipe.js';
