/** The domain of ONNX Runtime's operators on channel-blocked images. */
export const BLOCKED = { domain: 'com.microsoft.nchwc' } as const;
