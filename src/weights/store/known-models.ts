/** Weights that somebody published, and what is known of their file. What is not known is missing. */
export interface ListedModel {
  readonly name: string;
  /** What the weights are, in a few words. */
  readonly what?: string;
  /** Where the file is published: http or https. */
  readonly url: string;
  /** The terms under which it is published. */
  readonly licence?: string;
  /** Bytes. */
  readonly size?: number;
  /** 64 hexadecimal digits in lower case; or the first of them, at least 8, where only these are known. */
  readonly sha256?: string;
  /** How the hash is known. */
  readonly sha256From?: string;
}

const clip = 'https://openaipublic.azureedge.net/clip/models';
const realEsrgan = 'https://github.com/xinntao/Real-ESRGAN/releases/download';

const recorded = 'as independent projects recorded it; the authors publish none';
const inUrl = 'part of the published URL';

/** OpenAI's image and text encoders with ResNets; their URLs hold the hash. */
function clipModel(name: string, sha256: string, facts: { readonly size?: number } = {}): ListedModel {
  return {
    name,
    what: `CLIP with the image encoder ${name}, TorchScript (OpenAI)`,
    url: `${clip}/${sha256}/${name}.pt`,
    licence: 'MIT',
    sha256,
    sha256From: inUrl,
    ...facts,
  };
}

/** Networks that torchvision trained on ImageNet; the names of their files hold the beginning of the hash. */
function torchvisionModel(
  name: string,
  title: string,
  purpose: string,
  { file, ...facts }: { readonly file: string; readonly size: number; readonly sha256: string },
): ListedModel {
  return {
    name,
    what: `${title} trained on ImageNet, for ${purpose} (torchvision)`,
    url: `https://download.pytorch.org/models/${file}`,
    licence: 'BSD-3-Clause',
    ...facts,
    sha256From:
      'the first 8 digits are part of the published name, the rest as independent projects recorded it',
  };
}

/** What LPIPS 0.1 learnt of each of its networks. */
function lpipsModel(network: string, title: string, size: number, sha256: string): ListedModel {
  return {
    name: `lpips-${network}`,
    what: `heads of LPIPS 0.1, for ${title}`,
    url: `https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/master/lpips/weights/v0.1/${network}.pth`,
    licence: 'BSD-2-Clause',
    size,
    sha256,
    sha256From: recorded,
  };
}

function realEsrganModel(
  name: string,
  what: string,
  release: string,
  size: number,
  sha256: string,
): ListedModel {
  return {
    name,
    what: `${what} (Real-ESRGAN)`,
    url: `${realEsrgan}/${release}/${name}.pth`,
    licence: 'BSD-3-Clause',
    size,
    sha256,
    sha256From: recorded,
  };
}

/**
 * The weights that Revela can use and knows where to get. A size or hash stands here only where it is published or where
 * several independent projects recorded the same.
 */
export const knownModels: readonly ListedModel[] = [
  clipModel('RN50', 'afeb0e10f9e5a86da6080e35cf09123aca3b358a0c3e3b6c78a7b63bc04b6762', {
    size: 255_827_503,
  }),
  clipModel('RN101', '8fa8567bab74a42d41c5915025a8e4538c3bdbe8804a470a72f30b0d94fab599', {
    size: 291_791_292,
  }),
  clipModel('RN50x4', '7e526bd135e493cef0776de27d5f42653e6b4c8bf9e0f653bb11773263205fdd'),
  clipModel('RN50x16', '52378b407f34354e150460fe41077663dd5b39c54cd0bfd2b27167a4a06ec9aa'),
  clipModel('RN50x64', 'be1cfb55d75a9666199fb2206c106743da0f6468c9d327f3e0d0a543a9919d9c'),
  torchvisionModel('vgg19', 'VGG19', 'the perceptual loss', {
    file: 'vgg19-dcbb9e9d.pth',
    size: 574_673_361,
    sha256: 'dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44',
  }),
  torchvisionModel('alexnet', 'AlexNet', 'LPIPS', {
    file: 'alexnet-owt-7be5be79.pth',
    size: 244_408_911,
    sha256: '7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02',
  }),
  torchvisionModel('vgg16', 'VGG16', 'LPIPS and DISTS', {
    file: 'vgg16-397923af.pth',
    size: 553_433_881,
    sha256: '397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0',
  }),
  torchvisionModel('squeezenet1_1', 'SqueezeNet 1.1', 'LPIPS', {
    file: 'squeezenet1_1-b8a52dc0.pth',
    size: 4_958_839,
    sha256: 'b8a52dc049b60e4b6ab68ad0df457362afab8b6304b2febdc1650a5dab4d7e7b',
  }),
  lpipsModel('alex', 'AlexNet', 6_009, 'df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0'),
  lpipsModel('vgg', 'VGG16', 7_289, 'a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868'),
  lpipsModel(
    'squeeze',
    'SqueezeNet',
    10_811,
    '4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76',
  ),
  {
    name: 'dists',
    what: 'weights of DISTS, for VGG16',
    url: 'https://raw.githubusercontent.com/dingkeyan93/DISTS/master/DISTS_pytorch/weights.pt',
    licence: 'MIT',
    size: 12_288,
    sha256: 'f5e65c96230b7f6ca995691647d482237e4cab8a50c5c4a5784f219ef0748218',
    sha256From: recorded,
  },
  {
    name: 'niqe',
    what: "NIQE's model of good photographs, as its release has it (BasicSR)",
    url: 'https://raw.githubusercontent.com/XPixelGroup/BasicSR/master/basicsr/metrics/niqe_pris_params.npz',
    licence: 'University of Texas at Austin, free with its notice',
    size: 11_850,
    sha256: '2a7c182a68c9e7f1b2e2e5ec723279d6f65d912b6fcaf37eb2bf03d7367c4296',
    sha256From: recorded,
  },
  {
    name: 'il-niqe',
    what: "IL-NIQE's model of good photographs, as its release has it (IQA-PyTorch)",
    url: 'https://github.com/chaofengc/IQA-PyTorch/releases/download/v0.1-weights/ILNIQE_templateModel.mat',
  },
  realEsrganModel(
    'realesr-animevideov3',
    'compact ×4 network, small and fast',
    'v0.2.5.0',
    2_504_012,
    'b8a8376811077954d82ca3fcf476f1ac3da3e8a68a4f4d71363008000a18b75d',
  ),
  realEsrganModel(
    'realesr-general-x4v3',
    'compact ×4 network for photographs',
    'v0.2.5.0',
    4_885_111,
    '8dc7edb9ac80ccdc30c3a5dca6616509367f05fbc184ad95b731f05bece96292',
  ),
  realEsrganModel(
    'RealESRGAN_x4plus',
    'RRDBNet ×4 for photographs',
    'v0.1.0',
    67_040_989,
    '4fa0d38905f75ac06eb49a7951b426670021be3018265fd191d2125df9d682f1',
  ),
  realEsrganModel(
    'RealESRNet_x4plus',
    'RRDBNet ×4 trained by pixel loss alone, a start for adversarial training',
    'v0.1.1',
    67_040_989,
    'a820b9bde89a874d7599d545567308ce6c128fc8754a53208eda016d40aa81df',
  ),
  realEsrganModel(
    'RealESRGAN_x4plus_anime_6B',
    'RRDBNet ×4 of 6 blocks for drawings',
    'v0.2.2.4',
    17_938_799,
    'f872d837d3c90ed2e05227bed711af5671a6fd1c9f7d7e91c911a61f155e99da',
  ),
];
