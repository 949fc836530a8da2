export { type OpenRedis, openRedis, type RedisOptions } from './open-redis.js';
export { checkRedis, redisError, whyAway } from './redis-facts.js';
