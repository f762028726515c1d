// copyText is false when the browser refuses both ways: then the text is left selected in `field`, for the keyboard.
export async function copyText(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // plain http in a local network has no clipboard: select, and try the old command
  }
  if (!field) return false;
  field.value = text;
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
