export { closeParts, seconds } from './close-parts.js';
export { type OpenRedis, openRedis, type RedisOptions } from './open-redis.js';
export { checkRedis, redisError } from './redis-facts.js';
