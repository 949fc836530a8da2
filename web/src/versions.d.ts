/** The version of the package, put in when the page is built. */
declare const __REVELA__: string;
/** The version of onnxruntime-web. */
declare const __RUNTIME__: string;
