import { expect, test } from 'vitest';
import { shortenOrtMessage } from '#src/runtime/ort-message.js';

test.each([
  [
    '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
    'Failed to get a WebGPU adapter: No supported adapters',
  ],
  [
    "Non-zero status code returned while running MaxPool node. Name:'MaxPool_y' Status Message: pool.cc:276 ComputeInternal The Indices output is not supported yet.",
    'MaxPool (MaxPool_y): pool.cc:276 ComputeInternal The Indices output is not supported yet.',
  ],
  [
    'Failed to load model because protobuf parsing failed.',
    'Failed to load model because protobuf parsing failed.',
  ],
])('%s', (long, short) => {
  expect(shortenOrtMessage(new Error(long))).toBe(short);
});

test('a very long message is cut', () => {
  expect(shortenOrtMessage(new Error('x '.repeat(1000)))).toHaveLength(300);
  expect(shortenOrtMessage('a\n  b')).toBe('a b');
});

test('memory that ran out is told as that, with what to make smaller', () => {
  const raw =
    "Non-zero status code returned while running Conv node. Name:'c' Status Message: /onnxruntime_src/bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t) Failed to allocate memory for requested buffer of size 5368709120";
  expect(shortenOrtMessage(new Error(raw))).toMatch(
    /^the memory of the device ran out: 5\.4 GB more were asked for; make smaller /,
  );
  expect(shortenOrtMessage('std::bad_alloc')).toMatch(/^the memory of the device ran out; make smaller /);
});
