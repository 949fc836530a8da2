/** `revela/networks`: the networks as functions of tensors, their sizes and costs, and how they are recognised by their weights. */
export * from '../networks/index.js';
