const mime = 'application/x-node-type';

/** A kind of step on its way from the list to the canvas. */
export const draggedType = {
  mime,
  carry(transfer: DataTransfer, type: string): void {
    transfer.setData(mime, type);
    transfer.effectAllowed = 'copy';
  },
  read: (transfer: DataTransfer): string | null => transfer.getData(mime) || null,
} as const;
