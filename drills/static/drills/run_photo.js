// A photo of the camera, made small before it is kept: at most 1600 px, JPEG, under a megabyte.

const LONGEST_SIDE = 1600;
const MOST_BYTES = 1_000_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];

async function drawn(file) {
  const picture = await createImageBitmap(file); // turned as the camera was held
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas;
}

/** The bytes of a small JPEG, or null where the file is no picture that this browser reads. */
export async function smallPhoto(file) {
  try {
    const canvas = await drawn(file);
    let made = null;
    for (const quality of QUALITIES) {
      made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (made && made.size <= MOST_BYTES) break;
    }
    return made ? await made.arrayBuffer() : null;
  } catch {
    return null;
  }
}
