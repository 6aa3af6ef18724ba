import { allowDownloadListeners } from '../../shared/download-listeners.ts';

// Tests open clients as applications do.
allowDownloadListeners();
