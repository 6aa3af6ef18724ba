import { buildImageFolder, IMAGE_FOLDER } from './build-image.ts';

const bytes = await buildImageFolder();
process.stdout.write(
  `${IMAGE_FOLDER}: server.mjs ${(bytes / 1e6).toFixed(2)} MB. Build and push it:\n` +
    '  gcloud builds submit dist/model --tag=REGION-docker.pkg.dev/PROJECT/nextclick/model:VERSION\n',
);
