/**
 * What examples speak of without saying where they have it, by the door: names, and their types. Those of `revela` are also given to
 * the pages of docs/, which say more than a comment can.
 */
const tensors = {
  'a b bias context end features layer4 pictures picture start table vectors weight x y':
    "import('revela/engine').Tensor",
  parameters: "import('revela/engine').TensorRecord",
  declared: "import('revela/engine').ParameterDeclarations",
  programOf: "(height: number, width: number) => import('revela/engine').Program",
  program: "import('revela/engine').Program",
  inputs: "import('revela/engine').ProgramInputs['inputs']",
  runtime: "import('revela/engine').Runtime",
  scope: "import('revela/engine').ParameterScope",
  values: "Readonly<Record<string, import('revela/engine').TensorValue>>",
} as const;

const pictures = {
  'files names paths': 'readonly string[]',
  'path text': 'string',
  bytes: 'Uint8Array<ArrayBuffer>',
  error: 'unknown',
  signal: 'AbortSignal',
  'height seed step width': 'number',
  'made numbers restored wanted': 'Float32Array<ArrayBuffer>',
  'opinions scores': 'readonly number[]',
  'original picture upscaled': "import('revela').Picture",
  'outputs targets': "import('revela').PictureBatch",
  request: 'Request',
  response: "import('node:http').ServerResponse",
  scorer: "Required<import('revela').OpenMeasure>",
} as const;

export const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  revela: pictures,
  'revela/quality': pictures,
  'revela/training': pictures,
  'revela/models': pictures,
  'revela/networks': {
    ...tensors,
    clipFeatures: 'Readonly<Record<string, import("revela/engine").Tensor>>',
    config:
      "import('revela/networks').ClipImageConfig & import('revela/networks').ClipTextConfig & import('revela/networks').FeatureDiscriminatorConfig",
    ends: 'readonly number[]',
    merges: 'readonly (readonly [string, string])[]',
    stateDict: "Parameters<typeof import('revela/networks').foldClip>[1]",
    table: "Parameters<typeof import('revela/networks').clipTokenVectors>[0]",
  },
  'revela/engine': {
    ...tensors,
    method: "import('revela/engine').InferenceMethod",
    'height seed step width': 'number',
    'loss network':
      "(...tensors: (import('revela/engine').Tensor | import('revela/engine').TensorRecord)[]) => import('revela/engine').Tensor",
    config:
      "import('revela/networks').ClipImageConfig & import('revela/networks').FeatureDiscriminatorConfig",
    features: 'Readonly<Record<string, import("revela/engine").Tensor>>',
    weights: "{ readonly image: Readonly<Record<string, import('revela/engine').TensorValue>> }",
    writeFile: "typeof import('node:fs/promises').writeFile",
  },
  'revela/serve': { readFile: "typeof import('node:fs/promises').readFile" },
  'revela/fleet': { signal: 'AbortSignal' },
  'revela/web': {
    file: 'Blob',
    bytes: 'Uint8Array<ArrayBuffer>',
    image: "import('revela/web').PageImage",
    revela: "Awaited<ReturnType<typeof import('revela/web').openRevela>>",
    context: 'CanvasRenderingContext2D',
    'height width': 'number',
  },
  docs: {
    ...pictures,
    file: 'Blob',
    runtime: tensors.runtime,
    values: 'Float32Array<ArrayBuffer>',
  },
  'docs/web.md': {
    revela: "Awaited<ReturnType<typeof import('revela/web').openRevela>>",
    image: "import('revela/web').PageImage",
    'clean reference': "import('revela/web').PageImage",
    'heads backbone': 'Blob',
    'curve draw ring': '(...numbers: readonly unknown[]) => void',
  },
  'docs/plug-ins.md': { diagonal: "import('revela/engine').InferenceMethod" },
};
