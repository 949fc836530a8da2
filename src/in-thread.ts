export { inSharedMemory, inThread, muchInThread, sharedFloats, shareLarge } from '#platform/threads';
