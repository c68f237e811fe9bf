// Guide S3 in Chromium with the pages' scripts, on the embedded stores and on real ones; on real ones without JavaScript too.
import { walkGuideS3 } from '../journeys/guide-s3.ts';
import { inChromium, withoutScripts } from '../support/guide-reader.ts';

walkGuideS3(inChromium, 'embedded');
walkGuideS3(inChromium, 'real');
walkGuideS3(withoutScripts, 'real');
