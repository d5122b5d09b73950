/** Lets the browser keep a file that the server made. The name is the server's. */
export async function save(calling: Promise<{ data?: unknown; response: Response; error?: unknown }>, unwrap: (c: Promise<never>) => Promise<unknown>): Promise<string> {
  let header = "";
  const body = (await unwrap(
    calling.then((a) => {
      header = a.response.headers.get("Content-Disposition") ?? "";
      return a as never;
    }),
  )) as Blob;
  const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(header)?.[1] ?? "file");
  const address = URL.createObjectURL(body);
  const a = document.createElement("a");
  [a.href, a.download] = [address, name];
  a.click();
  // The browser has begun to keep it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}
