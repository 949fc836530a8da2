export { inSharedMemory, inThread, muchInThread, sharedFloats } from '#platform/threads';
