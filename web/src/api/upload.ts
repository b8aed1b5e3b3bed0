// Uploading a delivery. XMLHttpRequest is used because fetch cannot report how
// much of a body has been sent.
import { parseReceipt } from './client';
import { ApiError, problemOf } from './errors';
import { url } from './http';
import type { Receipt } from './types';

/** Upload is a running upload; cancel makes done fail with the code "cancelled". */
export interface Upload {
  done: Promise<Receipt>;
  cancel: () => void;
}

/** upload hands a file over as a delivery of a dataset; progress is 0..1 of the bytes sent. */
export function upload(dataset: string, file: File, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Receipt>((resolve, reject) => {
    request.upload.onprogress = (e) => {
      if (e.lengthComputable) progress(e.loaded / e.total);
    };
    request.onload = () => {
      if (request.status < 200 || request.status > 299) {
        reject(problemOf(request.status, request.responseText));
        return;
      }
      try {
        resolve(parseReceipt(request.responseText));
      } catch {
        reject(new ApiError('', request.status, '', ''));
      }
    };
    request.onerror = () => reject(new ApiError('unreachable', 0, '', ''));
    request.onabort = () => reject(new ApiError('cancelled', 0, '', ''));
    request.open('POST', url(['deliveries'], { dataset, filename: file.name }));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
