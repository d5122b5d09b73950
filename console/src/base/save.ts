const keepUrl = 60_000; // milliseconds that a slow browser has to read the file

/** Lets the browser save what is at an address under a name. */
export function saveAddress(address: string, name: string): void {
  const a = document.createElement("a");
  a.href = address;
  a.download = name;
  a.click();
}

/** Lets the browser save a file under a name. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  saveAddress(url, name);
  setTimeout(() => URL.revokeObjectURL(url), keepUrl);
}
