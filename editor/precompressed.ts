import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);
/** Bytes below which a file goes as it is: it would fit in one packet anyway. */
const WORTH_IT = 1_400;
/** Of 11: the last two take five times as long for two hundredths. */
const QUALITY = 9;

/** Writes what a browser reads as text once more as `.br`: the server sends that to whoever takes it, and compresses nothing itself. */
export function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const files = Object.entries(bundle).flatMap(([fileName, file]) => {
          const bytes = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          return /\.(?:js|css|html|svg)$/.test(fileName) && bytes.length >= WORTH_IT ? [{ fileName, bytes }] : [];
        });
        for (const { fileName, bytes } of files) {
          const params = {
            [constants.BROTLI_PARAM_QUALITY]: QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          };
          this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: await compress(bytes, { params }) });
        }
      },
    },
  };
}
