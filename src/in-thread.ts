export {
  endIdleThreads,
  inSharedMemory,
  inThread,
  muchInThread,
  sharedFloats,
  shareLarge,
} from '#platform/threads';
