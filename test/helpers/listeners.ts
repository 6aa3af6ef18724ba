import { allowDownloadListeners } from '../../shared/cloud-storage.ts';

// Tests open clients as applications do.
allowDownloadListeners();
