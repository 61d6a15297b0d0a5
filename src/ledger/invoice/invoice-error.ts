/** A file that cannot be read as an invoice. Its message follows the name of the file. */
export class InvoiceError extends Error {
  override readonly name = 'InvoiceError';
}
