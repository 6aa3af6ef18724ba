import { writeArtifact } from './artifact.ts';
import { buildModel } from './build.ts';
import { directoryArtifact } from './directory-artifacts.ts';
import { FILE_LIMITS, formatOf, type ModelCommand, parametersOf, required } from './model-command.ts';
import { readSessions } from './sessions-file.ts';

export const trainCommand: ModelCommand = {
  usage: 'train --train FILE --out DIRECTORY [--format srgnn|sessions] [--parameters FILE]',
  summary: 'trains a model and writes the artifact that model/server.ts serves',
  async run(values, progress) {
    const file = required(values.train, 'train');
    const out = required(values.out, 'out');
    const model = await buildModel(readSessions(file, formatOf(values)), {
      parameters: parametersOf(values),
      limits: FILE_LIMITS,
      onProgress: progress,
    });
    await writeArtifact(model, directoryArtifact(out));
    const { model_version: version, method, counts, index } = model.manifest;
    return {
      json: model.manifest,
      text: `${version}: ${method}, ${counts.sessions} sessions, ${counts.items} items, ${index.bytes} bytes in ${out}\n`,
    };
  },
};
