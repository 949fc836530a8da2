export { bicubicResize, bicubicScale, type PlanesSize } from './bicubic.js';
