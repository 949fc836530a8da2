// A service that restores photographs, with Hono. The models are opened once; each request has a signal of its own, so that one whose
// caller went away is stopped and the others go on.
//
//   npm install revela hono @hono/node-server
//   node -e "import('@hono/node-server').then(async ({ serve }) => serve((await import('./server.mjs')).app))"
//   curl --data-binary @night.jpg 'localhost:3000/v1/denoise?format=webp' -o clean.webp
import { Hono } from 'hono';
import { codeOf, openDenoiser, openUpscaler } from 'revela';

const denoiser = await openDenoiser();
const upscaler = await openUpscaler({ maxMegapixels: 100 });

/** What goes wrong by the fault of the request, as HTTP says it. */
const statuses = {
  ERR_NOT_AN_IMAGE: 415,
  ERR_UNSUPPORTED_IMAGE: 415,
  ERR_DAMAGED_IMAGE: 422,
  ERR_TOO_LARGE: 413,
  ERR_OPTION: 400,
  ERR_OUT_OF_RANGE: 400,
  ERR_CANCELLED: 499,
};

export const app = new Hono();

/** Answers with the picture that is made of the body. */
async function restored(context, make) {
  const format = context.req.query('format');
  const image = await make(await context.req.arrayBuffer(), { signal: context.req.raw.signal });
  const bytes = await image.toBuffer(format);
  return context.body(bytes, 200, { 'Content-Type': `image/${format ?? image.format}` });
}

app.post('/v1/denoise', (context) => restored(context, denoiser.denoise));
app.post('/v1/upscale', (context) => restored(context, upscaler.upscale));

app.onError((error, context) => {
  const code = codeOf(error);
  if (code === undefined) return context.text('this should not have happened', 500);
  return context.json({ code, message: error.message }, statuses[code] ?? 500);
});

/** Gives the models back when the server ends. */
export async function close() {
  await Promise.all([denoiser.close(), upscaler.close()]);
}
