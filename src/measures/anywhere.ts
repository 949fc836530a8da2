// What of this room runs on any platform.
export { pixelMeasures } from './pixel-measures.js';
export { type Judge, mapOf, openJudge } from './revela/judge-picture.js';
export { groupBursts } from './culling/group-bursts.js';
export type { PictureDistance } from './distances/picture-distance.js';
export { openLpips } from './lpips/open-lpips.js';
